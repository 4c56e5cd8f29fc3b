// SPDX-License-Identifier: MIT
#include "capture/camera/pictures.hpp"

#include "media/pixels.hpp"

#include <libyuv.h>

#include <algorithm>
#include <utility>

namespace livepusher::capture {
namespace {

std::size_t many(int count) { return static_cast<std::size_t>(count); }

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
    : taken_(takenFormat(format.pixelformat)),
      width_(static_cast<int>(format.width)),
      height_(static_cast<int>(format.height)),
      bytes_(taken_ ? taken_->bytes : 1),
      stride_(std::max(static_cast<int>(format.bytesperline), width_ * bytes_)),
      colours_(coloursOf(format)) {
    if (taken_ && taken_->kind == PixelKind::Jpeg) jpegs_.emplace(base::PictureSize{width_, height_}, colours_.fullRange);
    if (taken_ && taken_->rare != AV_PIX_FMT_NONE)
        rare_.emplace(RarePictures::Layout{taken_->rare, {width_, height_}, stride_, colours_.bt709, colours_.fullRange});
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
    if (!taken_) return false;
    auto *y = frame.mutablePlane(0), *u = frame.mutablePlane(1), *v = frame.mutablePlane(2);
    const int yStride = frame.stride(0), uvStride = frame.stride(1);
    if (taken_->vFirst) std::swap(u, v);
    const std::size_t first = many(stride_) * many(height_);
    const auto* plane = bytes.data();
    const auto* corner = plane + many(stride_) * many(crop.y) + many(crop.x) * many(bytes_);
    const std::size_t half = many((height_ + 1) / 2);  // rows of chroma
    switch (taken_->planes) {
        case PixelPlanes::None: return false;
        case PixelPlanes::Packed:
            return bytes.size() >= first &&
                   taken_->packed(corner, stride_, y, yStride, u, uvStride, v, uvStride, crop.width, crop.height) == 0;
        case PixelPlanes::Two: {
            const auto* pairs = plane + first + many(stride_) * many(crop.y / 2) + many(crop.x);
            return bytes.size() >= first + many(stride_) * half &&
                   libyuv::NV12ToI420(corner, stride_, pairs, stride_, y, yStride, u, uvStride, v, uvStride, crop.width,
                                      crop.height) == 0;
        }
        case PixelPlanes::Two422: {
            const int wide = crop.width / 2;
            const auto* pairs = plane + first + many(stride_) * many(crop.y) + many(crop.x);
            chroma_.resize(many(crop.width) * many(crop.height));
            auto *one = chroma_.data(), *two = one + many(wide) * many(crop.height);
            if (bytes.size() < 2 * first) return false;
            libyuv::SplitUVPlane(pairs, stride_, one, wide, two, wide, wide, crop.height);
            return libyuv::I422ToI420(corner, stride_, one, wide, two, wide, y, yStride, u, uvStride, v, uvStride, crop.width,
                                      crop.height) == 0;
        }
        case PixelPlanes::Three: {
            const int stride = stride_ / 2;
            const auto* one = plane + first + many(stride) * many(crop.y / 2) + many(crop.x / 2);
            const auto* two = one + many(stride) * half;
            return bytes.size() >= first + 2 * many(stride) * half &&
                   libyuv::I420Copy(corner, stride_, one, stride, two, stride, y, yStride, u, uvStride, v, uvStride, crop.width,
                                    crop.height) == 0;
        }
    }
    return false;
}

}  // namespace livepusher::capture
