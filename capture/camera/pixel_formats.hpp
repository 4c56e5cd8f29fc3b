// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

extern "C" {
#include <libavutil/pixfmt.h>
}

namespace livepusher::capture {

enum class PixelKind { Yuv, Rgb, Grey, Jpeg };

/// How a picture's planes lie in memory, one behind the other.
enum class PixelPlanes {
    None,    ///< JPEG, or what RarePictures converts
    Packed,  ///< one plane, by a function of libyuv's
    Two,     ///< luma, and pairs of chroma at half the size
    Two422,  ///< luma, and pairs of chroma at half the width
    Three,   ///< each for itself, chroma at half the size
};

/// A V4L2_PIX_FMT_… that can be converted.
struct TakenFormat {
    using Packed = int (*)(const std::uint8_t*, int, std::uint8_t*, int, std::uint8_t*, int, std::uint8_t*, int, int, int);

    std::uint32_t fourcc = 0;
    PixelKind kind = PixelKind::Yuv;
    int bytes = 1;  ///< of a pixel in the first plane; 0: JPEG
    PixelPlanes planes = PixelPlanes::None;
    Packed packed = nullptr;               ///< PixelPlanes::Packed to I420
    bool vFirst = false;                   ///< V before U
    AVPixelFormat rare = AV_PIX_FMT_NONE;  ///< one that RarePictures converts
};

/// All of them, the cheapest first, grey ones last.
std::span<const TakenFormat> takenFormats();

/// Null: it is not taken.
const TakenFormat* takenFormat(std::uint32_t fourcc);

PixelKind kindOf(std::uint32_t fourcc);  ///< Yuv for what isn't taken

}  // namespace livepusher::capture
