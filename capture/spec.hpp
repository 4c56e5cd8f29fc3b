// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "capture/source.hpp"

namespace livepusher::capture {

/// A source description, taken apart. Fields that its kind doesn't have keep their defaults.
struct Spec {
    SourceKind kind = SourceKind::None;
    std::string target;  ///< path or URL of file, raw and pcm ("-": stdin); ID of a device, DISPLAY; empty: the default
    int width = 0;       ///< px; raw always, screen when given
    int height = 0;      ///< px
    double fps = 0;      ///< raw
    PixelFormat format = PixelFormat::I420;
    int sampleRate = 0;               ///< Hz; pcm
    int channels = 0;                 ///< pcm
    int left = 0;                     ///< px; screen
    int top = 0;                      ///< px
    std::string window;               ///< screen: the window's number (0x...) or a part of its title; empty: no window
    bool cursor = true;               ///< screen: the pointer is in the picture
    std::vector<Spec> with{};         ///< what is laid into the corner or mixed in: at most one
    std::vector<std::string> next{};  ///< file: paths or URLs of the clips that follow

    bool operator==(const Spec&) const = default;
};

/// What Sources::video says: test, file, raw, camera, screen, app or none. Errors: InvalidArgument,
/// with the value and what is allowed. [any-thread]
Result<Spec> parseVideoSpec(std::string_view text);

/// What Sources::audio says: test, file, pcm, mic, app or none. Errors as above. [any-thread]
Result<Spec> parseAudioSpec(std::string_view text);

}  // namespace livepusher::capture
