// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <cstdint>
#include <span>

namespace livepusher::capture {

enum class PictureKind { Jpeg, Png, WebP, Gif, Bmp };

/// What a picture file says of itself, read before anything is decoded.
struct PictureHeader {
    PictureKind kind{};
    std::int64_t width = 0;  ///< px, not judged
    std::int64_t height = 0;
};

/// Knows a picture by its first bytes and sees that it is there to its end. Errors: SourceFailed, for what is no
/// picture, cut short, an animation, or a JPEG of absurdly many scans. [any-thread]
Result<PictureHeader> readPictureHeader(std::span<const std::uint8_t> bytes);

}  // namespace livepusher::capture
