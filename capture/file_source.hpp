// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "capture/source.hpp"
#include "capture/sources.hpp"

namespace livepusher::capture {

/// A file or URL that libavformat reads, as picture, sound or both (`video` and `audio` say which ends are made); both
/// ends share one playback.
struct FileEnds {
    std::unique_ptr<VideoSource> video;
    std::unique_ptr<AudioSource> audio;
};
FileEnds makeFileEnds(const std::string& target, bool loop, bool video, bool audio, const SourceOptions& options = {});

}  // namespace livepusher::capture
