// SPDX-License-Identifier: MIT
#include "capture/camera/pixel_formats.hpp"

#include <linux/videodev2.h>

#include <algorithm>
#include <array>

namespace livepusher::capture {
namespace {

// An alpha channel is left alone: cameras have nothing to say by it, and many write 0. Bayer patterns are no pictures yet.
constexpr std::array kTaken{
    TakenFormat{V4L2_PIX_FMT_YUV420, PixelKind::Yuv, 1},
    TakenFormat{V4L2_PIX_FMT_YVU420, PixelKind::Yuv, 1},
    TakenFormat{V4L2_PIX_FMT_NV12, PixelKind::Yuv, 1},
    TakenFormat{V4L2_PIX_FMT_NV21, PixelKind::Yuv, 1},
    TakenFormat{V4L2_PIX_FMT_YUYV, PixelKind::Yuv, 2},
    TakenFormat{V4L2_PIX_FMT_UYVY, PixelKind::Yuv, 2},
    TakenFormat{V4L2_PIX_FMT_YVYU, PixelKind::Yuv, 2},
    TakenFormat{V4L2_PIX_FMT_VYUY, PixelKind::Yuv, 2},
    TakenFormat{V4L2_PIX_FMT_YUV422P, PixelKind::Yuv, 1, AV_PIX_FMT_YUV422P},
    TakenFormat{V4L2_PIX_FMT_NV16, PixelKind::Yuv, 1},
    TakenFormat{V4L2_PIX_FMT_NV61, PixelKind::Yuv, 1},
    TakenFormat{V4L2_PIX_FMT_BGR24, PixelKind::Rgb, 3},
    TakenFormat{V4L2_PIX_FMT_RGB24, PixelKind::Rgb, 3},
    TakenFormat{V4L2_PIX_FMT_BGR32, PixelKind::Rgb, 4},
    TakenFormat{V4L2_PIX_FMT_XBGR32, PixelKind::Rgb, 4},
    TakenFormat{V4L2_PIX_FMT_ABGR32, PixelKind::Rgb, 4},
    TakenFormat{V4L2_PIX_FMT_RGB32, PixelKind::Rgb, 4},
    TakenFormat{V4L2_PIX_FMT_XRGB32, PixelKind::Rgb, 4},
    TakenFormat{V4L2_PIX_FMT_RGBX32, PixelKind::Rgb, 4},
    TakenFormat{V4L2_PIX_FMT_RGB565, PixelKind::Rgb, 2},
    TakenFormat{V4L2_PIX_FMT_MJPEG, PixelKind::Jpeg, 0},
    TakenFormat{V4L2_PIX_FMT_JPEG, PixelKind::Jpeg, 0},
    TakenFormat{V4L2_PIX_FMT_GREY, PixelKind::Grey, 1},
    TakenFormat{V4L2_PIX_FMT_Y10, PixelKind::Grey, 2, AV_PIX_FMT_GRAY10LE},
    TakenFormat{V4L2_PIX_FMT_Y12, PixelKind::Grey, 2, AV_PIX_FMT_GRAY12LE},
    TakenFormat{V4L2_PIX_FMT_Y16, PixelKind::Grey, 2, AV_PIX_FMT_GRAY16LE},
};

}  // namespace

std::span<const TakenFormat> takenFormats() { return kTaken; }

const TakenFormat* takenFormat(std::uint32_t fourcc) {
    const auto* found = std::ranges::find(kTaken, fourcc, &TakenFormat::fourcc);
    return found == kTaken.end() ? nullptr : found;
}

PixelKind kindOf(std::uint32_t fourcc) {
    const auto* format = takenFormat(fourcc);
    return format ? format->kind : PixelKind::Yuv;
}

}  // namespace livepusher::capture
