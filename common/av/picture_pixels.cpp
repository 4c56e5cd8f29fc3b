// SPDX-License-Identifier: MIT
#include "av/picture_pixels.hpp"

#include <libyuv.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace livepusher::capture {
namespace {

constexpr int kMaxSide = 4096;

int even(int length) { return (length + 1) & ~1; }

using Argb = base::ArgbPicture;

/// Reads rows of any pixel format, component by component.
class Rows {
public:
    explicit Rows(const AVFrame& picture)
        : picture_(picture),
          format_(*av_pix_fmt_desc_get(static_cast<AVPixelFormat>(picture.format))),
          values_(static_cast<std::size_t>(picture.width)) {
        for (auto& line : lines_) line.resize(values_.size(), 255);
    }

    bool canRead() const {
        constexpr auto kNot = AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_FLOAT | AV_PIX_FMT_FLAG_BAYER;
        return (format_.flags & kNot) == 0;
    }
    bool hasAlpha() const { return (format_.flags & AV_PIX_FMT_FLAG_ALPHA) != 0; }

    void read(int y, std::uint8_t* argb) {
        const int width = picture_.width;
        if (format_.flags & AV_PIX_FMT_FLAG_PAL) {
            const auto* indices = picture_.data[0] + std::ptrdiff_t{y} * picture_.linesize[0];
            for (int x = 0; x < width; ++x)
                std::copy_n(picture_.data[1] + std::ptrdiff_t{4} * indices[x], 4, argb + 4 * std::ptrdiff_t{x});
            return;
        }
        const bool grey = format_.nb_components < 3;
        const bool rgb = (format_.flags & AV_PIX_FMT_FLAG_RGB) != 0;
        for (int c = 0; c < format_.nb_components; ++c)
            readComponent(y, c, lines_[grey && c == 1 ? 3U : static_cast<unsigned>(c)]);
        const auto &first = lines_[0], &second = grey ? first : lines_[1], &third = grey ? first : lines_[2], &alpha = lines_[3];
        if (!grey && !rgb) {
            libyuv::I444ToARGBMatrix(first.data(), width, second.data(), width, third.data(), width, argb, width * 4, matrix(),
                                     width, 1);
            for (std::size_t x = 0; x < alpha.size(); ++x) argb[4 * x + 3] = alpha[x];
            return;
        }
        for (std::size_t x = 0; x < first.size(); ++x) {
            argb[4 * x] = third[x];
            argb[4 * x + 1] = second[x];
            argb[4 * x + 2] = first[x];
            argb[4 * x + 3] = alpha[x];
        }
    }

private:
    void readComponent(int y, int c, std::vector<std::uint8_t>& line) {
        const auto& component = format_.comp[c];
        const bool chroma = (c == 1 || c == 2) && format_.nb_components >= 3;  // RGB has no shifts
        const int shiftX = chroma ? format_.log2_chroma_w : 0, shiftY = chroma ? format_.log2_chroma_h : 0;
        std::array<const std::uint8_t*, 4> planes{picture_.data[0], picture_.data[1], picture_.data[2], picture_.data[3]};
        av_read_image_line2(values_.data(), planes.data(), picture_.linesize, &format_, 0, y >> shiftY, c,
                            AV_CEIL_RSHIFT(picture_.width, shiftX), 0, sizeof values_[0]);
        const unsigned most = (1U << static_cast<unsigned>(component.depth)) - 1;
        const bool inverted = picture_.format == AV_PIX_FMT_MONOWHITE;
        for (std::size_t x = 0; x < line.size(); ++x) {
            const unsigned value = values_[x >> static_cast<unsigned>(shiftX)];
            line[x] = static_cast<std::uint8_t>((value * 255 + most / 2) / most ^ (inverted ? 255U : 0U));
        }
    }

    const libyuv::YuvConstants* matrix() const {
        switch (picture_.format) {
            case AV_PIX_FMT_YUVJ420P:
            case AV_PIX_FMT_YUVJ422P:
            case AV_PIX_FMT_YUVJ444P:
            case AV_PIX_FMT_YUVJ440P:
            case AV_PIX_FMT_YUVJ411P: return &libyuv::kYuvJPEGConstants;
            default: return picture_.color_range == AVCOL_RANGE_JPEG ? &libyuv::kYuvJPEGConstants : &libyuv::kYuvI601Constants;
        }
    }

    const AVFrame& picture_;
    const AVPixFmtDescriptor& format_;
    std::vector<std::uint16_t> values_;
    std::array<std::vector<std::uint8_t>, 4> lines_;
};

Argb wholeOf(const AVFrame& picture, Rows& rows) {
    Argb out(even(picture.width), even(picture.height));
    for (int y = 0; y < picture.height; ++y) {
        auto* row = out.row(y);
        rows.read(y, row);
        if (out.width > picture.width) std::copy_n(row + out.stride() - 8, 4, row + out.stride() - 4);
    }
    if (out.height > picture.height) std::copy_n(out.row(out.height - 2), out.stride(), out.row(out.height - 1));
    if (rows.hasAlpha())
        libyuv::ARGBAttenuate(out.bytes.data(), out.stride(), out.bytes.data(), out.stride(), out.width, out.height);
    return out;
}

Argb scaledDown(Argb in) {
    const int most = std::max(in.width, in.height);
    if (most <= kMaxSide) return in;
    const auto length = [&](int old) { return std::max(2, even(static_cast<int>(std::int64_t{old} * kMaxSide / most))); };
    Argb out(length(in.width), length(in.height));
    libyuv::ARGBScale(in.bytes.data(), in.stride(), in.width, in.height, out.bytes.data(), out.stride(), out.width, out.height,
                      libyuv::kFilterBox);
    return out;
}

VideoFrame toI420(const Argb& in) {
    auto frame = VideoFrame::allocate(in.width, in.height);
    frame.bt709 = false;  // libyuv's RGB conversion is BT.601
    libyuv::ARGBToI420(in.bytes.data(), in.width * 4, frame.mutablePlane(0), frame.stride(0), frame.mutablePlane(1),
                       frame.stride(1), frame.mutablePlane(2), frame.stride(2), in.width, in.height);
    return frame;
}

Argb upright(Argb in, base::Orientation orientation) {
    if (orientation.none()) return in;
    const auto pass = base::passOf(orientation);
    const bool onItsSide = orientation.onItsSide();
    Argb out(onItsSide ? in.height : in.width, onItsSide ? in.width : in.height);
    if (pass.mirror)
        libyuv::ARGBMirror(in.bytes.data(), in.stride(), out.bytes.data(), out.stride(), in.width, in.height);
    else
        libyuv::ARGBRotate(in.bytes.data(), in.stride(), out.bytes.data(), out.stride(), in.width,
                           pass.flip ? -in.height : in.height, static_cast<libyuv::RotationMode>(pass.rotation));
    return out;
}

}  // namespace

Result<Argb> toArgb(const AVFrame& picture, base::Orientation orientation) {
    Rows rows(picture);
    if (!rows.canRead()) {
        const char* name = av_get_pix_fmt_name(static_cast<AVPixelFormat>(picture.format));
        return Error{Code::SourceFailed,
                     "pixel format " + (name ? name : "number " + std::to_string(picture.format)) + " can't be taken"};
    }
    return upright(scaledDown(wholeOf(picture, rows)), orientation);
}

Result<VideoFrame> toFrame(const AVFrame& picture, base::Orientation orientation) {
    const auto argb = toArgb(picture, orientation);
    if (!argb) return argb.error();
    return toI420(*argb);
}

}  // namespace livepusher::capture
