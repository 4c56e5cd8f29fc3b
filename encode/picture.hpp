// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <string>

namespace livepusher::encode {

enum class PictureFormat { Png, Jpeg };

/// Writes the picture upright to a file, in place of one that is there: PNG holds exactly the RGB
/// that the frame's own matrix gives. Errors: FileFailed; no half-written file stays. [any-thread]
Result<void> writePicture(const VideoFrame& frame, PictureFormat format, const std::string& path);

}  // namespace livepusher::encode
