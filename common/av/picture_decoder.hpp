// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <cstdint>
#include <span>

#include "media/argb_picture.hpp"

namespace livepusher::capture {

/// The picture of a JPEG, PNG, WebP, GIF (its first) or BMP file, as toFrame() makes it: upright as its EXIF has it, at most 4096
/// px a side. Errors: SourceFailed; more than 64 megapixels are refused before they are decoded. [any-thread]
Result<VideoFrame> decodePicture(std::span<const std::uint8_t> bytes);

/// The same as toArgb() makes it: transparent where it is. [any-thread]
Result<base::ArgbPicture> decodeArgb(std::span<const std::uint8_t> bytes);

}  // namespace livepusher::capture
