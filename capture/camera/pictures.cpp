// SPDX-License-Identifier: MIT
#include "capture/camera/pictures.hpp"

#include "media/pixels.hpp"

#include <libyuv.h>

#include <algorithm>

namespace livepusher::capture {
namespace {

std::size_t many(int count) { return static_cast<std::size_t>(count); }

int bytesOf(std::uint32_t fourcc) {
    const auto* format = takenFormat(fourcc);
    return format ? format->bytes : 1;
}

}  // namespace

PictureColours coloursOf(const v4l2_pix_format& format) {
    const auto kind = kindOf(format.pixelformat);
    if (kind == PixelKind::Rgb) return {};  // libyuv makes BT.601 of it, limited
    PictureColours colours;
    const auto space = static_cast<v4l2_colorspace>(format.colorspace);
    auto matrix = static_cast<v4l2_ycbcr_encoding>(format.ycbcr_enc);
    if (matrix == V4L2_YCBCR_ENC_DEFAULT) matrix = static_cast<v4l2_ycbcr_encoding>(V4L2_MAP_YCBCR_ENC_DEFAULT(space));
    colours.bt709 = matrix == V4L2_YCBCR_ENC_709 || matrix == V4L2_YCBCR_ENC_XV709 || matrix == V4L2_YCBCR_ENC_BT2020 ||
                    matrix == V4L2_YCBCR_ENC_BT2020_CONST_LUM || matrix == V4L2_YCBCR_ENC_SMPTE240M;
    if (format.quantization != V4L2_QUANTIZATION_DEFAULT)
        colours.fullRange = format.quantization == V4L2_QUANTIZATION_FULL_RANGE;
    else  // JFIF knows no other range, whatever colour space a driver writes beside it; grey is what the sensor counts
        colours.fullRange = space == V4L2_COLORSPACE_JPEG || kind == PixelKind::Jpeg || kind == PixelKind::Grey;
    return colours;
}

PictureConverter::PictureConverter(const v4l2_pix_format& format)
    : format_(format.pixelformat),
      width_(static_cast<int>(format.width)),
      height_(static_cast<int>(format.height)),
      bytes_(bytesOf(format_)),
      stride_(std::max(static_cast<int>(format.bytesperline), width_ * bytes_)),
      colours_(coloursOf(format)) {
    const auto* taken = takenFormat(format_);
    if (taken && taken->kind == PixelKind::Jpeg) jpegs_.emplace(base::PictureSize{width_, height_}, colours_.fullRange);
    if (taken && taken->rare != AV_PIX_FMT_NONE)
        rare_.emplace(RarePictures::Layout{taken->rare, {width_, height_}, stride_, colours_.bt709, colours_.fullRange});
}

base::Rect PictureConverter::crop() const { return jpegs_ ? jpegs_->crop(zoom_) : base::middleOf({width_, height_}, zoom_); }

base::PictureSize PictureConverter::size() const { return crop().size(); }

std::optional<VideoFrame> PictureConverter::convert(std::span<const std::uint8_t> bytes) {
    if (rare_) return rare_->convert(bytes, crop());
    if (jpegs_) {
        auto frame = jpegs_->convert(bytes, zoom_, pool_);
        if (frame) frame->bt709 = colours_.bt709;
        return frame;
    }
    const auto part = crop();
    auto frame = pool_.take(part.width, part.height);
    frame.bt709 = colours_.bt709;
    if (!fill(bytes, part, frame)) return std::nullopt;
    if (colours_.fullRange) base::limitRange(frame);
    return frame;
}

bool PictureConverter::fill(std::span<const std::uint8_t> bytes, const base::Rect& crop, VideoFrame& frame) {
    auto *y = frame.mutablePlane(0), *u = frame.mutablePlane(1), *v = frame.mutablePlane(2);
    const int yStride = frame.stride(0), uStride = frame.stride(1), vStride = frame.stride(2);
    const std::size_t first = many(stride_) * many(height_);
    const auto* plane = bytes.data();
    const auto* corner = plane + many(stride_) * many(crop.y) + many(crop.x) * many(bytes_);
    const std::size_t half = many((height_ + 1) / 2);  // rows of chroma

    const auto packed = [&](auto function) {
        return bytes.size() >= first &&
               function(corner, stride_, y, yStride, u, uStride, v, vStride, crop.width, crop.height) == 0;
    };
    const auto swapped = [&](auto function) {  // V before U
        return bytes.size() >= first &&
               function(corner, stride_, y, yStride, v, vStride, u, uStride, crop.width, crop.height) == 0;
    };
    const auto twoPlanes = [&](auto function) {
        const auto* chroma = plane + first + many(stride_) * many(crop.y / 2) + many(crop.x);
        return bytes.size() >= first + many(stride_) * half &&
               function(corner, stride_, chroma, stride_, y, yStride, u, uStride, v, vStride, crop.width, crop.height) == 0;
    };
    const auto twoPlanesOf422 = [&](bool vFirst) {
        const int wide = crop.width / 2;
        const auto* pairs = plane + first + many(stride_) * many(crop.y) + many(crop.x);
        chroma_.resize(many(crop.width) * many(crop.height));
        auto *one = chroma_.data(), *two = one + many(wide) * many(crop.height);
        if (bytes.size() < 2 * first) return false;
        libyuv::SplitUVPlane(pairs, stride_, one, wide, two, wide, wide, crop.height);
        return libyuv::I422ToI420(corner, stride_, vFirst ? two : one, wide, vFirst ? one : two, wide, y, yStride, u, uStride, v,
                                  vStride, crop.width, crop.height) == 0;
    };
    const auto threePlanes = [&](bool vFirst) {
        const int stride = stride_ / 2;
        const auto offset = many(stride) * many(crop.y / 2) + many(crop.x / 2);
        const auto* one = plane + first + offset;
        const auto* two = one + many(stride) * half;
        return bytes.size() >= first + 2 * many(stride) * half &&
               libyuv::I420Copy(corner, stride_, vFirst ? two : one, stride, vFirst ? one : two, stride, y, yStride, u, uStride,
                                v, vStride, crop.width, crop.height) == 0;
    };
    switch (format_) {
        case V4L2_PIX_FMT_YUV420: return threePlanes(false);
        case V4L2_PIX_FMT_YVU420: return threePlanes(true);
        case V4L2_PIX_FMT_NV12: return twoPlanes(libyuv::NV12ToI420);
        case V4L2_PIX_FMT_NV21: return twoPlanes(libyuv::NV21ToI420);
        case V4L2_PIX_FMT_NV16: return twoPlanesOf422(false);
        case V4L2_PIX_FMT_NV61: return twoPlanesOf422(true);
        case V4L2_PIX_FMT_YUYV: return packed(libyuv::YUY2ToI420);
        case V4L2_PIX_FMT_UYVY: return packed(libyuv::UYVYToI420);
        case V4L2_PIX_FMT_YVYU: return swapped(libyuv::YUY2ToI420);
        case V4L2_PIX_FMT_VYUY: return swapped(libyuv::UYVYToI420);
        case V4L2_PIX_FMT_BGR24: return packed(libyuv::RGB24ToI420);  // libyuv names the order in a little-endian word
        case V4L2_PIX_FMT_RGB24: return packed(libyuv::RAWToI420);
        case V4L2_PIX_FMT_BGR32:
        case V4L2_PIX_FMT_XBGR32:
        case V4L2_PIX_FMT_ABGR32: return packed(libyuv::ARGBToI420);
        case V4L2_PIX_FMT_RGB32:
        case V4L2_PIX_FMT_XRGB32: return packed(libyuv::BGRAToI420);
        case V4L2_PIX_FMT_RGBX32: return packed(libyuv::ABGRToI420);
        case V4L2_PIX_FMT_RGB565: return packed(libyuv::RGB565ToI420);
        case V4L2_PIX_FMT_GREY: return packed(libyuv::I400ToI420);
        default: return false;
    }
}

}  // namespace livepusher::capture
