// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

extern "C" {
#include <libavutil/pixfmt.h>
}

namespace livepusher::capture {

enum class PixelKind { Yuv, Rgb, Grey, Jpeg };

/// A V4L2_PIX_FMT_… that can be converted.
struct TakenFormat {
    std::uint32_t fourcc = 0;
    PixelKind kind = PixelKind::Yuv;
    int bytes = 1;                         ///< of a pixel in the first plane; 0: JPEG
    AVPixelFormat rare = AV_PIX_FMT_NONE;  ///< one that RarePictures converts; none: libyuv has a function for it
};

/// All of them, the cheapest first, grey ones last.
std::span<const TakenFormat> takenFormats();

/// Null: it is not taken.
const TakenFormat* takenFormat(std::uint32_t fourcc);

PixelKind kindOf(std::uint32_t fourcc);  ///< Yuv for what isn't taken

}  // namespace livepusher::capture
