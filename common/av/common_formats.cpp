// SPDX-License-Identifier: MIT
#include "av/common_formats.hpp"

#include "media/planes.hpp"

#include <libyuv.h>

#include <algorithm>

extern "C" {
#include <libavutil/bswap.h>
#include <libavutil/pixdesc.h>
}

namespace livepusher::capture {
namespace {

using ThreePlanes = int (*)(const std::uint8_t*, int, const std::uint8_t*, int, const std::uint8_t*, int, std::uint8_t*, int,
                            std::uint8_t*, int, std::uint8_t*, int, int, int);
using DeepPlanes = int (*)(const std::uint16_t*, int, const std::uint16_t*, int, const std::uint16_t*, int, std::uint8_t*, int,
                           std::uint8_t*, int, std::uint8_t*, int, int, int);
using OnePlane = int (*)(const std::uint8_t*, int, std::uint8_t*, int, std::uint8_t*, int, std::uint8_t*, int, int, int);
using OnePacked = int (*)(const std::uint8_t*, int, std::uint8_t*, int, int, int);

bool run(ThreePlanes function, const AVFrame& in, const base::Target& out) {
    return function(in.data[0], in.linesize[0], in.data[1], in.linesize[1], in.data[2], in.linesize[2], out.plane[0],
                    out.stride[0], out.plane[1], out.stride[1], out.plane[2], out.stride[2], out.width, out.height) == 0;
}

bool run(OnePlane function, const AVFrame& in, const base::Target& out) {
    return function(in.data[0], in.linesize[0], out.plane[0], out.stride[0], out.plane[1], out.stride[1], out.plane[2],
                    out.stride[2], out.width, out.height) == 0;
}

const std::uint16_t* words(const std::uint8_t* bytes) { return reinterpret_cast<const std::uint16_t*>(bytes); }

bool run(DeepPlanes function, const AVFrame& in, const base::Target& out) {
    return function(words(in.data[0]), in.linesize[0] / 2, words(in.data[1]), in.linesize[1] / 2, words(in.data[2]),
                    in.linesize[2] / 2, out.plane[0], out.stride[0], out.plane[1], out.stride[1], out.plane[2], out.stride[2],
                    out.width, out.height) == 0;
}

/// 8-bit planes whose chroma is thinned out in a way that libyuv has no function of its own for.
bool scaleChroma(const AVFrame& in, const base::Target& out, int chromaShiftX, int chromaShiftY) {
    const int width = out.width >> chromaShiftX, height = out.height >> chromaShiftY;
    if (width < 1 || height < 1) return false;
    libyuv::CopyPlane(in.data[0], in.linesize[0], out.plane[0], out.stride[0], out.width, out.height);
    libyuv::ScalePlane(in.data[1], in.linesize[1], width, height, out.plane[1], out.stride[1], out.width / 2, out.height / 2,
                       libyuv::kFilterBox);
    libyuv::ScalePlane(in.data[2], in.linesize[2], width, height, out.plane[2], out.stride[2], out.width / 2, out.height / 2,
                       libyuv::kFilterBox);
    return true;
}

OnePlane rgbFunction(int format) {
    switch (format) {  // libyuv names the order in a little-endian word, libav the order in memory
        case AV_PIX_FMT_RGB24: return libyuv::RAWToI420;
        case AV_PIX_FMT_BGR24: return libyuv::RGB24ToI420;
        case AV_PIX_FMT_RGB0: return libyuv::ABGRToI420;
        case AV_PIX_FMT_BGR0: return libyuv::ARGBToI420;
        case AV_PIX_FMT_0RGB: return libyuv::BGRAToI420;
        case AV_PIX_FMT_0BGR: return libyuv::RGBAToI420;
        case AV_PIX_FMT_RGB565LE: return libyuv::RGB565ToI420;
        case AV_PIX_FMT_RGB555LE: return libyuv::ARGB1555ToI420;
        default: return nullptr;
    }
}

/// The same where there is an alpha channel: to libyuv's ARGB, whose alpha it can multiply in.
OnePacked alphaFunction(int format) {
    switch (format) {
        case AV_PIX_FMT_RGBA: return libyuv::ABGRToARGB;
        case AV_PIX_FMT_BGRA: return libyuv::ARGBCopy;
        case AV_PIX_FMT_ARGB: return libyuv::BGRAToARGB;
        case AV_PIX_FMT_ABGR: return libyuv::RGBAToARGB;
        default: return nullptr;
    }
}

/// RGB of 9 to 16 bits a component, each in a word of its own: libswscale takes tens of milliseconds for it.
bool isDeepRgb(const AVPixFmtDescriptor& format) {
    constexpr auto kNot = AV_PIX_FMT_FLAG_FLOAT | AV_PIX_FMT_FLAG_BAYER | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_HWACCEL;
    if ((format.flags & AV_PIX_FMT_FLAG_RGB) == 0 || (format.flags & kNot) != 0 || format.nb_components < 3) return false;
    return std::all_of(format.comp, format.comp + format.nb_components,
                       [](const auto& c) { return c.depth > 8 && c.shift == 0 && c.step >= 2 && c.step % 2 == 0; });
}

/// Grey of 9 to 16 bits, rounded.
bool fillGrey(const AVFrame& in, const base::Target& out) {
    const auto& format = *av_pix_fmt_desc_get(static_cast<AVPixelFormat>(in.format));
    const auto shift = static_cast<unsigned>(format.comp[0].depth - 8);
    for (int y = 0; y < out.height; ++y) {
        const auto* row = words(in.data[0] + std::ptrdiff_t{y} * in.linesize[0]);
        auto* to = out.plane[0] + std::ptrdiff_t{y} * out.stride[0];
        for (int x = 0; x < out.width; ++x)
            to[x] = static_cast<std::uint8_t>(std::min((row[x] + (1U << (shift - 1))) >> shift, 255U));
    }
    libyuv::SetPlane(out.plane[1], out.stride[1], out.width / 2, out.height / 2, 128);
    libyuv::SetPlane(out.plane[2], out.stride[2], out.width / 2, out.height / 2, 128);
    return true;
}

}  // namespace

bool CommonFormats::fill(const AVFrame& in, VideoFrame& frame) {
    const auto out = base::writableViewOf(frame);
    switch (in.format) {
        case AV_PIX_FMT_YUV420P:
        case AV_PIX_FMT_YUVJ420P:
        case AV_PIX_FMT_YUVA420P: return run(libyuv::I420Copy, in, out);
        case AV_PIX_FMT_YUV422P:
        case AV_PIX_FMT_YUVJ422P:
        case AV_PIX_FMT_YUVA422P: return run(libyuv::I422ToI420, in, out);
        case AV_PIX_FMT_YUV444P:
        case AV_PIX_FMT_YUVJ444P:
        case AV_PIX_FMT_YUVA444P: return run(libyuv::I444ToI420, in, out);
        case AV_PIX_FMT_YUV411P:
        case AV_PIX_FMT_YUVJ411P: return scaleChroma(in, out, 2, 0);
        case AV_PIX_FMT_YUV410P: return scaleChroma(in, out, 2, 2);
        case AV_PIX_FMT_YUV440P:
        case AV_PIX_FMT_YUVJ440P: return scaleChroma(in, out, 0, 1);
        case AV_PIX_FMT_NV12:
            return libyuv::NV12ToI420(in.data[0], in.linesize[0], in.data[1], in.linesize[1], out.plane[0], out.stride[0],
                                      out.plane[1], out.stride[1], out.plane[2], out.stride[2], out.width, out.height) == 0;
        case AV_PIX_FMT_NV21:
            return libyuv::NV21ToI420(in.data[0], in.linesize[0], in.data[1], in.linesize[1], out.plane[0], out.stride[0],
                                      out.plane[1], out.stride[1], out.plane[2], out.stride[2], out.width, out.height) == 0;
        case AV_PIX_FMT_YUYV422: return run(libyuv::YUY2ToI420, in, out);
        case AV_PIX_FMT_UYVY422: return run(libyuv::UYVYToI420, in, out);
        case AV_PIX_FMT_GRAY8: return run(libyuv::I400ToI420, in, out);
        case AV_PIX_FMT_GRAY10LE:
        case AV_PIX_FMT_GRAY12LE:
        case AV_PIX_FMT_GRAY14LE:
        case AV_PIX_FMT_GRAY16LE: return fillGrey(in, out);
        default: return fillDeep(in, frame) || fillRgb(in, frame) || fillPlanarRgb(in, frame) || fillDeepRgb(in, frame);
    }
}

bool CommonFormats::fillDeep(const AVFrame& in, VideoFrame& frame) {
    const auto out = base::writableViewOf(frame);
    switch (in.format) {
        case AV_PIX_FMT_YUV420P10LE: return run(libyuv::I010ToI420, in, out);
        case AV_PIX_FMT_YUV422P10LE: return run(libyuv::I210ToI420, in, out);
        case AV_PIX_FMT_YUV444P10LE: return run(libyuv::I410ToI420, in, out);
        case AV_PIX_FMT_YUV420P12LE: return run(libyuv::I012ToI420, in, out);
        case AV_PIX_FMT_P010LE: break;
        default: return false;
    }
    const auto luma = static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height);
    deep_.resize(luma + luma / 2);
    auto *y = deep_.data(), *u = y + luma, *v = u + luma / 4;
    const int half = out.width / 2;
    return libyuv::P010ToI010(words(in.data[0]), in.linesize[0] / 2, words(in.data[1]), in.linesize[1] / 2, y, out.width, u, half,
                              v, half, out.width, out.height) == 0 &&
           libyuv::I010ToI420(y, out.width, u, half, v, half, out.plane[0], out.stride[0], out.plane[1], out.stride[1],
                              out.plane[2], out.stride[2], out.width, out.height) == 0;
}

bool CommonFormats::fillRgb(const AVFrame& in, VideoFrame& frame) {
    if (const auto withAlpha = alphaFunction(in.format)) {
        const int stride = frame.width() * 4;
        rgb_.resize(static_cast<std::size_t>(stride) * static_cast<std::size_t>(frame.height()));
        return withAlpha(in.data[0], in.linesize[0], rgb_.data(), stride, frame.width(), frame.height()) == 0 &&
               takeArgb(frame, true);
    }
    const auto function = rgbFunction(in.format);
    frame.bt709 = function ? false : frame.bt709;  // libyuv's RGB conversion is BT.601
    return function && run(function, in, base::writableViewOf(frame));
}

bool CommonFormats::fillPlanarRgb(const AVFrame& in, VideoFrame& frame) {
    if (in.format != AV_PIX_FMT_GBRP && in.format != AV_PIX_FMT_GBRAP) return false;
    const bool alpha = in.format == AV_PIX_FMT_GBRAP;
    const int stride = frame.width() * 4;
    rgb_.resize(static_cast<std::size_t>(stride) * static_cast<std::size_t>(frame.height()));
    libyuv::MergeARGBPlane(in.data[2], in.linesize[2], in.data[0], in.linesize[0], in.data[1], in.linesize[1],
                           alpha ? in.data[3] : nullptr, alpha ? in.linesize[3] : 0, rgb_.data(), stride, frame.width(),
                           frame.height());
    return takeArgb(frame, alpha);
}

bool CommonFormats::fillDeepRgb(const AVFrame& in, VideoFrame& frame) {
    const auto& format = *av_pix_fmt_desc_get(static_cast<AVPixelFormat>(in.format));
    if (!isDeepRgb(format)) return false;
    const std::ptrdiff_t width = frame.width();
    const bool alpha = format.nb_components == 4, big = (format.flags & AV_PIX_FMT_FLAG_BE) != 0;
    rgb_.assign(static_cast<std::size_t>(width * 4 * frame.height()), 255);
    for (int c = 0; c < format.nb_components; ++c) {
        const auto& component = format.comp[c];
        const auto shift = static_cast<unsigned>(component.depth - 8);
        const std::ptrdiff_t step = component.step / 2;
        for (std::ptrdiff_t y = 0; y < frame.height(); ++y) {
            const auto* row = words(in.data[component.plane] + y * in.linesize[component.plane] + component.offset);
            auto* to = rgb_.data() + y * width * 4 + (c == 3 ? 3 : 2 - c);  // B G R A
            if (big) {
                for (std::ptrdiff_t x = 0; x < width; ++x)
                    to[4 * x] = static_cast<std::uint8_t>(av_bswap16(row[x * step]) >> shift);
            } else {
                for (std::ptrdiff_t x = 0; x < width; ++x) to[4 * x] = static_cast<std::uint8_t>(row[x * step] >> shift);
            }
        }
    }
    return takeArgb(frame, alpha);
}

bool CommonFormats::takeArgb(VideoFrame& frame, bool alpha) {
    const auto out = base::writableViewOf(frame);
    const int stride = out.width * 4;
    frame.bt709 = false;
    if (alpha) libyuv::ARGBAttenuate(rgb_.data(), stride, rgb_.data(), stride, out.width, out.height);
    return libyuv::ARGBToI420(rgb_.data(), stride, out.plane[0], out.stride[0], out.plane[1], out.stride[1], out.plane[2],
                              out.stride[2], out.width, out.height) == 0;
}

}  // namespace livepusher::capture
