// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/calls.hpp>
#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace livepusher::capture {

struct PictureOptions {
    bool thorough = false;                    ///< time is no matter: a smaller PNG, the finest JPEG
    std::span<const std::uint8_t> profile{};  ///< of its colours (ICC); empty: none
};

/// The bytes of a file with the picture, upright. `raw`: a PNG, which holds exactly the RGB that the frame's own matrix gives;
/// else a JPEG. Errors: FileFailed, without the name of a file. [any-thread]
Result<std::vector<std::uint8_t>> compressPicture(const VideoFrame& frame, SnapshotQuality quality,
                                                  const PictureOptions& options = {});

/// Writes them, in place of a file that is there. Errors: FileFailed; no half-written file stays. [any-thread]
Result<void> writePicture(const VideoFrame& frame, SnapshotQuality quality, const std::string& path);

}  // namespace livepusher::capture
