// SPDX-License-Identifier: MIT
#include "capture/camera/pixel_formats.hpp"

#include <libyuv.h>
#include <linux/videodev2.h>

#include <algorithm>
#include <array>

namespace livepusher::capture {
namespace {

// An alpha channel is left alone: cameras have nothing to say by it, and many write 0. Bayer patterns are no pictures yet.
// libyuv names the order of RGB in a little-endian word.
constexpr auto kTaken = [] {
    using enum PixelKind;
    using enum PixelPlanes;
    return std::to_array<TakenFormat>({
        {.fourcc = V4L2_PIX_FMT_YUV420, .kind = Yuv, .bytes = 1, .planes = Three},
        {.fourcc = V4L2_PIX_FMT_YVU420, .kind = Yuv, .bytes = 1, .planes = Three, .vFirst = true},
        {.fourcc = V4L2_PIX_FMT_NV12, .kind = Yuv, .bytes = 1, .planes = Two},
        {.fourcc = V4L2_PIX_FMT_NV21, .kind = Yuv, .bytes = 1, .planes = Two, .vFirst = true},
        {.fourcc = V4L2_PIX_FMT_YUYV, .kind = Yuv, .bytes = 2, .planes = Packed, .packed = libyuv::YUY2ToI420},
        {.fourcc = V4L2_PIX_FMT_UYVY, .kind = Yuv, .bytes = 2, .planes = Packed, .packed = libyuv::UYVYToI420},
        {.fourcc = V4L2_PIX_FMT_YVYU, .kind = Yuv, .bytes = 2, .planes = Packed, .packed = libyuv::YUY2ToI420, .vFirst = true},
        {.fourcc = V4L2_PIX_FMT_VYUY, .kind = Yuv, .bytes = 2, .planes = Packed, .packed = libyuv::UYVYToI420, .vFirst = true},
        {.fourcc = V4L2_PIX_FMT_YUV422P, .kind = Yuv, .bytes = 1, .rare = AV_PIX_FMT_YUV422P},
        {.fourcc = V4L2_PIX_FMT_NV16, .kind = Yuv, .bytes = 1, .planes = Two422},
        {.fourcc = V4L2_PIX_FMT_NV61, .kind = Yuv, .bytes = 1, .planes = Two422, .vFirst = true},
        {.fourcc = V4L2_PIX_FMT_BGR24, .kind = Rgb, .bytes = 3, .planes = Packed, .packed = libyuv::RGB24ToI420},
        {.fourcc = V4L2_PIX_FMT_RGB24, .kind = Rgb, .bytes = 3, .planes = Packed, .packed = libyuv::RAWToI420},
        {.fourcc = V4L2_PIX_FMT_BGR32, .kind = Rgb, .bytes = 4, .planes = Packed, .packed = libyuv::ARGBToI420},
        {.fourcc = V4L2_PIX_FMT_XBGR32, .kind = Rgb, .bytes = 4, .planes = Packed, .packed = libyuv::ARGBToI420},
        {.fourcc = V4L2_PIX_FMT_ABGR32, .kind = Rgb, .bytes = 4, .planes = Packed, .packed = libyuv::ARGBToI420},
        {.fourcc = V4L2_PIX_FMT_RGB32, .kind = Rgb, .bytes = 4, .planes = Packed, .packed = libyuv::BGRAToI420},
        {.fourcc = V4L2_PIX_FMT_XRGB32, .kind = Rgb, .bytes = 4, .planes = Packed, .packed = libyuv::BGRAToI420},
        {.fourcc = V4L2_PIX_FMT_RGBX32, .kind = Rgb, .bytes = 4, .planes = Packed, .packed = libyuv::ABGRToI420},
        {.fourcc = V4L2_PIX_FMT_RGB565, .kind = Rgb, .bytes = 2, .planes = Packed, .packed = libyuv::RGB565ToI420},
        {.fourcc = V4L2_PIX_FMT_MJPEG, .kind = Jpeg, .bytes = 0},
        {.fourcc = V4L2_PIX_FMT_JPEG, .kind = Jpeg, .bytes = 0},
        {.fourcc = V4L2_PIX_FMT_GREY, .kind = Grey, .bytes = 1, .planes = Packed, .packed = libyuv::I400ToI420},
        {.fourcc = V4L2_PIX_FMT_Y10, .kind = Grey, .bytes = 2, .rare = AV_PIX_FMT_GRAY10LE},
        {.fourcc = V4L2_PIX_FMT_Y12, .kind = Grey, .bytes = 2, .rare = AV_PIX_FMT_GRAY12LE},
        {.fourcc = V4L2_PIX_FMT_Y16, .kind = Grey, .bytes = 2, .rare = AV_PIX_FMT_GRAY16LE},
    });
}();

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
