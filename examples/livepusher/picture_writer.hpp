// SPDX-License-Identifier: MIT
#pragma once

#include "libav.hpp"

#include <livepusher/media.hpp>

#include <string>

namespace program {

/// Writes one picture, as PNG or JPEG by `path`'s ending, whole or not at all, and tells the name that it has got: with
/// `overwrite` always `path`. `source` may bring a colour profile (ICC). Errors: FileFailed.
livepusher::Result<std::string> writePicture(const std::string& path, const livepusher::VideoFrame& picture,
                                             const AVFrame& source, bool overwrite);

}  // namespace program
