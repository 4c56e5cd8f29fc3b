// SPDX-License-Identifier: MIT
#include "capture/frame_converter.hpp"

#include <libyuv.h>

#include <string>

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace livepusher::capture {
namespace {

/// The destination in the order in which libyuv's functions take it.
struct Planes {
    explicit Planes(VideoFrame& frame)
        : y(frame.mutablePlane(0)),
          u(frame.mutablePlane(1)),
          v(frame.mutablePlane(2)),
          yStride(frame.stride(0)),
          uStride(frame.stride(1)),
          vStride(frame.stride(2)),
          width(frame.width()),
          height(frame.height()) {}
    std::uint8_t *y, *u, *v;
    int yStride, uStride, vStride, width, height;
};

using ThreePlanes = int (*)(const std::uint8_t*, int, const std::uint8_t*, int, const std::uint8_t*, int, std::uint8_t*, int,
                            std::uint8_t*, int, std::uint8_t*, int, int, int);
using DeepPlanes = int (*)(const std::uint16_t*, int, const std::uint16_t*, int, const std::uint16_t*, int, std::uint8_t*, int,
                           std::uint8_t*, int, std::uint8_t*, int, int, int);
using OnePlane = int (*)(const std::uint8_t*, int, std::uint8_t*, int, std::uint8_t*, int, std::uint8_t*, int, int, int);

bool run(ThreePlanes function, const AVFrame& in, const Planes& out) {
    return function(in.data[0], in.linesize[0], in.data[1], in.linesize[1], in.data[2], in.linesize[2], out.y, out.yStride, out.u,
                    out.uStride, out.v, out.vStride, out.width, out.height) == 0;
}

bool run(OnePlane function, const AVFrame& in, const Planes& out) {
    return function(in.data[0], in.linesize[0], out.y, out.yStride, out.u, out.uStride, out.v, out.vStride, out.width,
                    out.height) == 0;
}

const std::uint16_t* words(const std::uint8_t* bytes) { return reinterpret_cast<const std::uint16_t*>(bytes); }

bool run(DeepPlanes function, const AVFrame& in, const Planes& out) {
    return function(words(in.data[0]), in.linesize[0] / 2, words(in.data[1]), in.linesize[1] / 2, words(in.data[2]),
                    in.linesize[2] / 2, out.y, out.yStride, out.u, out.uStride, out.v, out.vStride, out.width, out.height) == 0;
}

/// 8-bit planes whose chroma is thinned out in a way that libyuv has no function of its own for.
bool scaleChroma(const AVFrame& in, const Planes& out, int chromaShiftX, int chromaShiftY) {
    const int width = out.width >> chromaShiftX, height = out.height >> chromaShiftY;
    if (width < 1 || height < 1) return false;
    libyuv::CopyPlane(in.data[0], in.linesize[0], out.y, out.yStride, out.width, out.height);
    libyuv::ScalePlane(in.data[1], in.linesize[1], width, height, out.u, out.uStride, out.width / 2, out.height / 2,
                       libyuv::kFilterBox);
    libyuv::ScalePlane(in.data[2], in.linesize[2], width, height, out.v, out.vStride, out.width / 2, out.height / 2,
                       libyuv::kFilterBox);
    return true;
}

/// Full range to limited, in place (ITU-T H.273 §8.3): libyuv has nothing for it.
void limit(std::uint8_t* row, int stride, int width, int height, unsigned scale, unsigned bias) {
    for (; height > 0; --height, row += stride)
        for (int x = 0; x < width; ++x) row[x] = static_cast<std::uint8_t>(((row[x] * scale) >> 8U) + bias);
}

bool isFullRange(const AVFrame& frame) {
    switch (frame.format) {
        case AV_PIX_FMT_YUVJ420P:
        case AV_PIX_FMT_YUVJ422P:
        case AV_PIX_FMT_YUVJ444P:
        case AV_PIX_FMT_YUVJ440P:
        case AV_PIX_FMT_YUVJ411P: return true;
        default: return frame.color_range == AVCOL_RANGE_JPEG;
    }
}

bool isBt709(const AVFrame& frame) {
    switch (frame.colorspace) {
        case AVCOL_SPC_BT709:
        case AVCOL_SPC_BT2020_NCL:
        case AVCOL_SPC_BT2020_CL: return true;
        case AVCOL_SPC_UNSPECIFIED: return frame.width >= 1280 || frame.height > 576;  // as players guess
        default: return false;
    }
}

OnePlane rgbFunction(int format) {
    switch (format) {  // libyuv names the order in a little-endian word, libav the order in memory
        case AV_PIX_FMT_RGB24: return libyuv::RAWToI420;
        case AV_PIX_FMT_BGR24: return libyuv::RGB24ToI420;
        case AV_PIX_FMT_RGBA:
        case AV_PIX_FMT_RGB0: return libyuv::ABGRToI420;
        case AV_PIX_FMT_BGRA:
        case AV_PIX_FMT_BGR0: return libyuv::ARGBToI420;
        case AV_PIX_FMT_ARGB:
        case AV_PIX_FMT_0RGB: return libyuv::BGRAToI420;
        case AV_PIX_FMT_ABGR:
        case AV_PIX_FMT_0BGR: return libyuv::RGBAToI420;
        case AV_PIX_FMT_RGB565LE: return libyuv::RGB565ToI420;
        case AV_PIX_FMT_RGB555LE: return libyuv::ARGB1555ToI420;
        default: return nullptr;
    }
}

}  // namespace

bool FrameConverter::fill(const AVFrame& in, VideoFrame& frame) {
    const Planes out(frame);
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
            return libyuv::NV12ToI420(in.data[0], in.linesize[0], in.data[1], in.linesize[1], out.y, out.yStride, out.u,
                                      out.uStride, out.v, out.vStride, out.width, out.height) == 0;
        case AV_PIX_FMT_NV21:
            return libyuv::NV21ToI420(in.data[0], in.linesize[0], in.data[1], in.linesize[1], out.y, out.yStride, out.u,
                                      out.uStride, out.v, out.vStride, out.width, out.height) == 0;
        case AV_PIX_FMT_YUYV422: return run(libyuv::YUY2ToI420, in, out);
        case AV_PIX_FMT_UYVY422: return run(libyuv::UYVYToI420, in, out);
        case AV_PIX_FMT_GRAY8: return run(libyuv::I400ToI420, in, out);
        default: return fillDeep(in, frame) || fillRgb(in, frame) || fillPlanarRgb(in, frame);
    }
}

bool FrameConverter::fillDeep(const AVFrame& in, VideoFrame& frame) {
    const Planes out(frame);
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
           libyuv::I010ToI420(y, out.width, u, half, v, half, out.y, out.yStride, out.u, out.uStride, out.v, out.vStride,
                              out.width, out.height) == 0;
}

bool FrameConverter::fillRgb(const AVFrame& in, VideoFrame& frame) {
    const auto function = rgbFunction(in.format);
    frame.bt709 = function ? false : frame.bt709;  // libyuv's RGB conversion is BT.601
    return function && run(function, in, Planes(frame));
}

bool FrameConverter::fillPlanarRgb(const AVFrame& in, VideoFrame& frame) {
    if (in.format != AV_PIX_FMT_GBRP && in.format != AV_PIX_FMT_GBRAP) return false;
    const Planes out(frame);
    const int stride = out.width * 4;
    rgb_.resize(static_cast<std::size_t>(stride) * static_cast<std::size_t>(out.height));
    libyuv::MergeARGBPlane(in.data[2], in.linesize[2], in.data[0], in.linesize[0], in.data[1], in.linesize[1], nullptr, 0,
                           rgb_.data(), stride, out.width, out.height);
    frame.bt709 = false;
    return libyuv::ARGBToI420(rgb_.data(), stride, out.y, out.yStride, out.u, out.uStride, out.v, out.vStride, out.width,
                              out.height) == 0;
}

Result<VideoFrame> FrameConverter::convert(const AVFrame& source) {
    const int width = source.width & ~1, height = source.height & ~1;
    if (width < 16 || height < 16 || width > 8192 || height > 8192)
        return Error{Code::SourceFailed, "picture size " + std::to_string(source.width) + "x" + std::to_string(source.height) +
                                             ": must be 16x16..8192x8192"};
    auto frame = pool_.take(width, height);
    frame.bt709 = isBt709(source);
    if (!fill(source, frame)) {
        const char* name = av_get_pix_fmt_name(static_cast<AVPixelFormat>(source.format));
        return Error{Code::SourceFailed,
                     std::string("pixel format ") + (name ? name : "unknown") +
                         " can't be taken: must be 8-bit YUV, RGB or grey, or 10-bit YUV (yuv420p10, p010, …); "
                         "convert it first, as with ffmpeg -pix_fmt yuv420p"};
    }
    const auto* description = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(source.format));
    if (isFullRange(source) && !(description->flags & AV_PIX_FMT_FLAG_RGB)) {
        const Planes out(frame);
        limit(out.y, out.yStride, out.width, out.height, 220, 16);
        limit(out.u, out.uStride, out.width / 2, out.height / 2, 225, 16);
        limit(out.v, out.vStride, out.width / 2, out.height / 2, 225, 16);
    }
    return frame;
}

}  // namespace livepusher::capture
