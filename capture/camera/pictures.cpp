// SPDX-License-Identifier: MIT
#include "capture/camera/pictures.hpp"

#include <libyuv.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "capture/camera/odd_jpegs.hpp"

namespace livepusher::capture {
namespace {

constexpr std::array<std::uint32_t, 10> kTaken{V4L2_PIX_FMT_YUV420, V4L2_PIX_FMT_YVU420, V4L2_PIX_FMT_NV12,  V4L2_PIX_FMT_NV21,
                                               V4L2_PIX_FMT_YUYV,   V4L2_PIX_FMT_UYVY,   V4L2_PIX_FMT_BGR24, V4L2_PIX_FMT_RGB24,
                                               V4L2_PIX_FMT_MJPEG,  V4L2_PIX_FMT_JPEG};

bool isJpeg(std::uint32_t format) { return format == V4L2_PIX_FMT_MJPEG || format == V4L2_PIX_FMT_JPEG; }
bool isRgb(std::uint32_t format) { return format == V4L2_PIX_FMT_BGR24 || format == V4L2_PIX_FMT_RGB24; }

int bytesPerPixelOfFirstPlane(std::uint32_t format) {
    switch (format) {
        case V4L2_PIX_FMT_YUYV:
        case V4L2_PIX_FMT_UYVY: return 2;
        case V4L2_PIX_FMT_BGR24:
        case V4L2_PIX_FMT_RGB24: return 3;
        default: return 1;
    }
}

std::size_t size(int length) { return static_cast<std::size_t>(length); }

/// Full range to limited, in place (ITU-T H.273 §8.3): libyuv has nothing for it. Rounds to the nearest.
void limit(std::uint8_t* row, int stride, int width, int height, std::uint16_t scale, std::uint16_t bias) {
    for (; height > 0; --height, row += stride)
        for (int x = 0; x < width; ++x)
            row[x] = static_cast<std::uint8_t>(static_cast<std::uint16_t>(row[x] * scale + bias) >> 8U);
}

void limit(VideoFrame& frame) {
    limit(frame.mutablePlane(0), frame.stride(0), frame.width(), frame.height(), 220, (16 << 8) + 128);  // 219 / 255
    // 224 / 255 about 128, which has to stay where it is.
    for (const int plane : {1, 2})
        limit(frame.mutablePlane(plane), frame.stride(plane), frame.width() / 2, frame.height() / 2, 225,
              (128 << 8) - 128 * 225 + 128);
}

int even(double length) { return static_cast<int>(std::lround(length / 2)) * 2; }

}  // namespace

std::span<const std::uint32_t> takenFormats() { return kTaken; }

PictureColours coloursOf(const v4l2_pix_format& format) {
    if (isRgb(format.pixelformat)) return {};  // libyuv makes BT.601 of it, limited
    PictureColours colours;
    const auto space = static_cast<v4l2_colorspace>(format.colorspace);
    auto matrix = static_cast<v4l2_ycbcr_encoding>(format.ycbcr_enc);
    if (matrix == V4L2_YCBCR_ENC_DEFAULT) matrix = static_cast<v4l2_ycbcr_encoding>(V4L2_MAP_YCBCR_ENC_DEFAULT(space));
    colours.bt709 = matrix == V4L2_YCBCR_ENC_709 || matrix == V4L2_YCBCR_ENC_XV709 || matrix == V4L2_YCBCR_ENC_BT2020 ||
                    matrix == V4L2_YCBCR_ENC_BT2020_CONST_LUM || matrix == V4L2_YCBCR_ENC_SMPTE240M;
    if (format.quantization != V4L2_QUANTIZATION_DEFAULT)
        colours.fullRange = format.quantization == V4L2_QUANTIZATION_FULL_RANGE;
    else  // JFIF knows no other range, whatever colour space a driver writes beside it
        colours.fullRange = space == V4L2_COLORSPACE_JPEG || isJpeg(format.pixelformat);
    return colours;
}

PictureCrop middleOf(int width, int height, double zoom) {
    PictureCrop crop;
    crop.width = std::clamp(even(width / zoom), std::min(16, width), width & ~1);
    crop.height = std::clamp(even(height / zoom), std::min(16, height), height & ~1);
    crop.left = (width - crop.width) / 4 * 2;
    crop.top = (height - crop.height) / 4 * 2;
    return crop;
}

PictureConverter::PictureConverter(const v4l2_pix_format& format)
    : format_(format),
      width_(static_cast<int>(format.width)),
      height_(static_cast<int>(format.height)),
      stride_(std::max(static_cast<int>(format.bytesperline), width_ * bytesPerPixelOfFirstPlane(format.pixelformat))),
      colours_(coloursOf(format)),
      crop_(middleOf(width_, height_, 1)) {}

PictureConverter::~PictureConverter() = default;

std::optional<VideoFrame> PictureConverter::convert(std::span<const std::uint8_t> bytes) {
    auto frame = pool_.take(crop_.width, crop_.height);
    frame.bt709 = colours_.bt709;
    if (isJpeg(format_.pixelformat)) {
        if (!fillFromJpeg(bytes, frame)) return convertOddJpeg(bytes);
    } else if (!fill(bytes, frame)) {
        return std::nullopt;
    }
    if (colours_.fullRange) limit(frame);
    return frame;
}

std::optional<VideoFrame> PictureConverter::convertOddJpeg(std::span<const std::uint8_t> bytes) {
    int width = 0, height = 0;
    if (libyuv::MJPGSize(bytes.data(), bytes.size(), &width, &height) != 0 || width != width_ || height != height_)
        return std::nullopt;
    if (!oddJpegs_) oddJpegs_ = std::make_unique<OddJpegs>();
    auto frame = oddJpegs_->convert(bytes, width_, height_, crop_);
    if (frame) frame->bt709 = colours_.bt709;
    return frame;
}

bool PictureConverter::fillFromJpeg(std::span<const std::uint8_t> bytes, VideoFrame& frame) {
    const auto decode = [&](VideoFrame& to) {
        return libyuv::MJPGToI420(bytes.data(), bytes.size(), to.mutablePlane(0), to.stride(0), to.mutablePlane(1), to.stride(1),
                                  to.mutablePlane(2), to.stride(2), width_, height_, to.width(), to.height()) == 0;
    };
    if (crop_ == middleOf(width_, height_, 1)) return decode(frame);
    if (!whole_) whole_ = VideoFrame::allocate(width_ & ~1, height_ & ~1);
    if (!decode(whole_)) return false;
    const auto at = [&](int plane, int left, int top) {
        return whole_.plane(plane) + static_cast<std::ptrdiff_t>(top) * whole_.stride(plane) + left;
    };
    return libyuv::I420Copy(at(0, crop_.left, crop_.top), whole_.stride(0), at(1, crop_.left / 2, crop_.top / 2),
                            whole_.stride(1), at(2, crop_.left / 2, crop_.top / 2), whole_.stride(2), frame.mutablePlane(0),
                            frame.stride(0), frame.mutablePlane(1), frame.stride(1), frame.mutablePlane(2), frame.stride(2),
                            crop_.width, crop_.height) == 0;
}

bool PictureConverter::fill(std::span<const std::uint8_t> bytes, VideoFrame& frame) {
    auto *y = frame.mutablePlane(0), *u = frame.mutablePlane(1), *v = frame.mutablePlane(2);
    const int yStride = frame.stride(0), uStride = frame.stride(1), vStride = frame.stride(2);
    const int width = crop_.width, height = crop_.height;
    const std::size_t first = size(stride_) * size(height_);
    const auto* plane = bytes.data();
    const auto* corner =
        plane + size(stride_) * size(crop_.top) + size(crop_.left) * size(bytesPerPixelOfFirstPlane(format_.pixelformat));
    const std::size_t half = size((height_ + 1) / 2);  // rows of chroma

    const auto packed = [&](auto function) {
        return bytes.size() >= first && function(corner, stride_, y, yStride, u, uStride, v, vStride, width, height) == 0;
    };
    const auto twoPlanes = [&](auto function) {
        const auto* chroma = plane + first + size(stride_) * size(crop_.top / 2) + size(crop_.left);
        return bytes.size() >= first + size(stride_) * half &&
               function(corner, stride_, chroma, stride_, y, yStride, u, uStride, v, vStride, width, height) == 0;
    };
    const auto threePlanes = [&](bool swapped) {
        const int stride = stride_ / 2;
        const auto offset = size(stride) * size(crop_.top / 2) + size(crop_.left / 2);
        const auto* one = plane + first + offset;
        const auto* two = one + size(stride) * half;
        return bytes.size() >= first + 2 * size(stride) * half &&
               libyuv::I420Copy(corner, stride_, swapped ? two : one, stride, swapped ? one : two, stride, y, yStride, u, uStride,
                                v, vStride, width, height) == 0;
    };
    switch (format_.pixelformat) {
        case V4L2_PIX_FMT_YUV420: return threePlanes(false);
        case V4L2_PIX_FMT_YVU420: return threePlanes(true);
        case V4L2_PIX_FMT_NV12: return twoPlanes(libyuv::NV12ToI420);
        case V4L2_PIX_FMT_NV21: return twoPlanes(libyuv::NV21ToI420);
        case V4L2_PIX_FMT_YUYV: return packed(libyuv::YUY2ToI420);
        case V4L2_PIX_FMT_UYVY: return packed(libyuv::UYVYToI420);
        case V4L2_PIX_FMT_BGR24: return packed(libyuv::RGB24ToI420);  // libyuv names the order in a little-endian word
        case V4L2_PIX_FMT_RGB24: return packed(libyuv::RAWToI420);
        default: return false;
    }
}

}  // namespace livepusher::capture
