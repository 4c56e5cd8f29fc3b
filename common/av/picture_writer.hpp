// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/calls.hpp>
#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <string>

namespace livepusher::capture {

/// Writes the picture upright to a file, in place of one that is there. `raw`: a PNG, which holds exactly the RGB that the
/// frame's own matrix gives; else a JPEG. Errors: FileFailed; no half-written file stays. [any-thread]
Result<void> writePicture(const VideoFrame& frame, SnapshotQuality quality, const std::string& path);

}  // namespace livepusher::capture
