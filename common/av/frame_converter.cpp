// SPDX-License-Identifier: MIT
#include "av/frame_converter.hpp"

#include <libyuv.h>

#include <algorithm>
#include <string>

#include "base/log.hpp"
#include "media/pixels.hpp"
#include "media/planes.hpp"

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace livepusher::capture {
namespace {

bool hasAlpha(int format) {
    return (av_pix_fmt_desc_get(static_cast<AVPixelFormat>(format))->flags & AV_PIX_FMT_FLAG_ALPHA) != 0;
}

bool isOwnSize(const AVFrame& source, const base::PictureSize& size) {
    return size == base::PictureSize{source.width & ~1, source.height & ~1};
}

/// Lays the picture over black. `alpha`: a plane of 8 bits, as large as luma.
void overBlack(VideoFrame& frame, const std::uint8_t* alpha, std::ptrdiff_t alphaStride) {
    const auto share = [](int value, int of) { return value * of * 257 / 65535; };
    for (int y = 0; y < frame.height(); ++y) {
        auto* luma = frame.mutablePlane(0) + std::ptrdiff_t{y} * frame.stride(0);
        const auto* a = alpha + y * alphaStride;
        for (int x = 0; x < frame.width(); ++x) luma[x] = static_cast<std::uint8_t>(16 + share(luma[x] - 16, a[x]));
    }
    for (const int i : {1, 2}) {
        for (int y = 0; y < frame.height() / 2; ++y) {
            auto* chroma = frame.mutablePlane(i) + std::ptrdiff_t{y} * frame.stride(i);
            const auto *above = alpha + 2 * y * alphaStride, *below = above + alphaStride;
            for (std::ptrdiff_t x = 0; x < frame.width() / 2; ++x) {
                const int mean = (above[2 * x] + above[2 * x + 1] + below[2 * x] + below[2 * x + 1] + 2) / 4;
                chroma[x] = static_cast<std::uint8_t>(128 + share(chroma[x] - 128, mean));
            }
        }
    }
}

/// Where deep planes lie one behind the other, rows at multiples of 64 bytes; luma, U, V and alpha.
struct DeepLayout {
    explicit DeepLayout(base::PictureSize size)
        : stride((size.width + 31) / 32 * 32), half((size.width / 2 + 31) / 32 * 32), rows(size.height) {}
    int stride, half, rows;
    std::size_t luma() const { return static_cast<std::size_t>(stride) * static_cast<std::size_t>(rows); }
    std::size_t chroma() const { return static_cast<std::size_t>(half) * static_cast<std::size_t>(rows / 2); }
    std::size_t total() const { return 2 * luma() + 2 * chroma() + 32; }
};

}  // namespace

Result<void> FrameConverter::check(AVPixelFormat format, int width, int height) {
    if (width != 0 || height != 0)
        if (const auto size = pipelineSize(width, height); !size) return size.error();
    if (format == AV_PIX_FMT_NONE) return {};
    const FramePtr probe(av_frame_alloc());
    probe->format = format;
    probe->width = probe->height = 16;
    if (const auto* description = av_pix_fmt_desc_get(format); !description || (description->flags & AV_PIX_FMT_FLAG_HWACCEL))
        return PixelScaler::check(format);
    if (!probe || av_frame_get_buffer(probe.get(), 0) < 0) return Error{Code::SourceFailed, "out of memory"};
    auto frame = VideoFrame::allocate(16, 16);
    if (CommonFormats().fill(*probe, frame)) return {};
    return PixelScaler::check(format);
}

Result<VideoFrame> FrameConverter::convert(const AVFrame& source) {
    const auto size = pipelineSize(source.width, source.height);
    if (!size) return size.error();
    const auto* description = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(source.format));
    if (!description || (description->flags & AV_PIX_FMT_FLAG_HWACCEL))
        return PixelScaler::check(static_cast<AVPixelFormat>(source.format)).error();
    auto frame = pool_.take(size->width, size->height);
    const auto foreign = foreignColours(source, colours_);
    if (auto filled = foreign ? fillMapped(source, *foreign, frame) : fill(source, frame); !filled) return filled.error();
    return frame;
}

Result<void> FrameConverter::fill(const AVFrame& source, VideoFrame& frame) {
    frame.bt709 = isBt709(source);
    if (!isOwnSize(source, base::sizeOf(frame)) || !common_.fill(source, frame)) return fillScaled(source, frame);
    if (isRgb(static_cast<AVPixelFormat>(source.format))) return {};
    if (isFullRange(source)) base::limitRange(frame);
    if (hasAlpha(source.format)) overBlack(frame, source.data[3], source.linesize[3]);
    return {};
}

Result<void> FrameConverter::fillScaled(const AVFrame& source, VideoFrame& frame) {
    const bool alpha = hasAlpha(source.format);
    const int alphaStride = (frame.width() + 63) / 64 * 64;
    PixelScaler::Target target;
    target.size = base::sizeOf(frame);
    const auto view = base::writableViewOf(frame);
    std::ranges::copy(view.plane, target.planes.begin());
    std::ranges::copy(view.stride, target.strides.begin());
    if (alpha) {
        alpha_.resize(static_cast<std::size_t>(alphaStride) * static_cast<std::size_t>(frame.height()) + 64);
        target.format = AV_PIX_FMT_YUVA420P;
        target.planes[3] = alpha_.data();
        target.strides[3] = alphaStride;
    }
    if (isRgb(static_cast<AVPixelFormat>(source.format))) frame.bt709 = false;
    if (auto converted = scaler_.convert(source, target); !converted) return converted;
    // Of bits libswscale makes full range, whatever it is asked for.
    if (source.format == AV_PIX_FMT_MONOBLACK || source.format == AV_PIX_FMT_MONOWHITE) base::limitRange(frame);
    if (alpha) overBlack(frame, alpha_.data(), alphaStride);
    return {};
}

void FrameConverter::follow(const SourceColours& colours) {
    if (map_ && colours == map_->colours()) return;
    const bool news = !colours_ || colours.text() != colours_->text();
    if (news && colours.isHdr()) {
        base::log(LogLevel::Warning, "the picture is " + colours.text() + ": it is tone-mapped to BT.709 SDR, from " +
                                         std::to_string(colours.white) + " cd/m² as white up to " + std::to_string(colours.peak));
    } else if (news) {
        base::log(LogLevel::Info, "the picture is " + colours.text() + ": its colours are converted to BT.709");
    }
    colours_ = colours;
    map_ = std::make_unique<const ColourMap>(colours);
}

/// The picture as 10-bit planes: its own, or a copy. True: in the range that it came in, else limited.
Result<bool> FrameConverter::readDeep(const AVFrame& source, base::PictureSize size, kernels::DeepPicture& deep) {
    const bool asItIs = isOwnSize(source, size) && source.linesize[0] > 0;
    if (asItIs && source.format == AV_PIX_FMT_YUV420P10LE) {
        for (std::size_t i = 0; i < 3; ++i) {
            deep.from[i] = reinterpret_cast<const std::uint16_t*>(source.data[i]);
            deep.fromStride[i] = source.linesize[i] / 2;
        }
        return true;
    }
    const DeepLayout layout(size);
    deep_.resize(layout.total());
    auto *y = deep_.data(), *u = y + layout.luma(), *v = u + layout.chroma(), *alpha = v + layout.chroma();
    deep.from = {y, u, v};
    deep.fromStride = {layout.stride, layout.half, layout.half};
    if (asItIs && source.format == AV_PIX_FMT_P010LE) {
        const auto words = [&](std::size_t i) { return reinterpret_cast<const std::uint16_t*>(source.data[i]); };
        libyuv::P010ToI010(words(0), source.linesize[0] / 2, words(1), source.linesize[1] / 2, y, layout.stride, u, layout.half,
                           v, layout.half, size.width, size.height);
        return true;
    }
    PixelScaler::Target target;
    target.size = size;
    target.rgbMatrix = SWS_CS_BT2020;
    target.format = hasAlpha(source.format) ? AV_PIX_FMT_YUVA420P10LE : AV_PIX_FMT_YUV420P10LE;
    const auto bytes = [](std::uint16_t* words) { return reinterpret_cast<std::uint8_t*>(words); };
    target.planes = {bytes(y), bytes(u), bytes(v), bytes(alpha)};
    target.strides = {2 * layout.stride, 2 * layout.half, 2 * layout.half, 2 * layout.stride};
    if (auto converted = scaler_.convert(source, target); !converted) return converted.error();
    if (!hasAlpha(source.format)) return false;
    alpha_.resize(layout.luma());
    for (std::size_t i = 0; i < alpha_.size(); ++i) alpha_[i] = static_cast<std::uint8_t>(alpha[i] >> 2U);
    return false;
}

Result<void> FrameConverter::fillMapped(const AVFrame& source, SourceColours colours, VideoFrame& frame) {
    kernels::DeepPicture deep;
    const auto size = base::sizeOf(frame);
    const auto itsRange = readDeep(source, size, deep);
    if (!itsRange) return itsRange.error();
    colours.full = colours.full && *itsRange;
    follow(colours);
    const auto view = base::writableViewOf(frame);
    deep.to = view.plane;
    deep.toStride = view.stride;
    deep.width = view.width;
    deep.height = view.height;
    kernels::mapColours(*map_, deep, rows_);
    frame.bt709 = true;
    if (hasAlpha(source.format)) overBlack(frame, alpha_.data(), DeepLayout(size).stride);
    return {};
}

}  // namespace livepusher::capture
