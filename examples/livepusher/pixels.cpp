// SPDX-License-Identifier: MIT
#include "pixels.hpp"

#include "av/swscale.hpp"
#include "media/planes.hpp"

#include <algorithm>
#include <cmath>

extern "C" {
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
}

namespace program {

namespace base = livepusher::base;
using livepusher::Code;
using livepusher::Error;
using livepusher::Result;
using livepusher::Rotation;
using livepusher::VideoFrame;
using livepusher::capture::swscale;

namespace {

constexpr int kLargest = 8192;
constexpr int kSmallest = 16;

/// The pixel formats whose name says "full range" have plain twins, for which only the range says it.
AVPixelFormat plainFormat(int format, bool& fullRange) {
    switch (format) {
        case AV_PIX_FMT_YUVJ420P: fullRange = true; return AV_PIX_FMT_YUV420P;
        case AV_PIX_FMT_YUVJ422P: fullRange = true; return AV_PIX_FMT_YUV422P;
        case AV_PIX_FMT_YUVJ444P: fullRange = true; return AV_PIX_FMT_YUV444P;
        case AV_PIX_FMT_YUVJ440P: fullRange = true; return AV_PIX_FMT_YUV440P;
        case AV_PIX_FMT_YUVJ411P: fullRange = true; return AV_PIX_FMT_YUV411P;
        default: return static_cast<AVPixelFormat>(format);
    }
}

bool isRgb(const AVPixFmtDescriptor& format) { return (format.flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0; }

/// How a frame's colours are to be read. libswscale's numbers of matrices are those of the H.264 table.
PixelConverter::Picture meaningOf(const AVFrame& frame, const AVPixFmtDescriptor& format, bool picture) {
    constexpr int kHighDefinition = 720;
    PixelConverter::Picture meaning{.width = frame.width & ~1, .height = frame.height & ~1};
    const bool grey = format.nb_components < 3 && !isRgb(format);
    meaning.fullRange = frame.color_range == AVCOL_RANGE_JPEG || (grey && frame.color_range == AVCOL_RANGE_UNSPECIFIED);
    meaning.format = plainFormat(frame.format, meaning.fullRange);
    switch (frame.colorspace) {
        case AVCOL_SPC_BT709: meaning.matrix = SWS_CS_ITU709; break;
        case AVCOL_SPC_FCC: meaning.matrix = SWS_CS_FCC; break;
        case AVCOL_SPC_BT470BG:
        case AVCOL_SPC_SMPTE170M: meaning.matrix = SWS_CS_ITU601; break;
        case AVCOL_SPC_SMPTE240M: meaning.matrix = SWS_CS_SMPTE240M; break;
        case AVCOL_SPC_BT2020_NCL:
        case AVCOL_SPC_BT2020_CL: meaning.matrix = SWS_CS_BT2020; break;
        default: meaning.matrix = !picture && frame.height >= kHighDefinition ? SWS_CS_ITU709 : SWS_CS_ITU601;
    }
    return meaning;
}

PixelConverter::Picture meaningOf(const VideoFrame& frame) {
    return {AV_PIX_FMT_YUV420P, frame.width(), frame.height(), frame.bt709 ? SWS_CS_ITU709 : SWS_CS_ITU601, false};
}

PixelConverter::Planes planesOf(const VideoFrame& frame) {
    PixelConverter::Planes planes;
    for (int i = 0; i < 3; ++i) {
        const auto at = static_cast<std::size_t>(i);
        planes.data[at] = const_cast<std::uint8_t*>(frame.plane(i));  // libswscale has one type for what it reads and writes
        planes.strides[at] = frame.stride(i);
    }
    return planes;
}

PixelConverter::Planes planesOf(const AVFrame& frame, const AVPixFmtDescriptor& format, bool flip) {
    PixelConverter::Planes planes;
    for (std::size_t i = 0; i < planes.data.size(); ++i) {
        planes.data[i] = frame.data[i];
        planes.strides[i] = frame.linesize[i];
        const bool palette = i == 1 && (format.flags & AV_PIX_FMT_FLAG_PAL) != 0;
        if (!flip || palette || planes.data[i] == nullptr) continue;
        const int rows = i == 1 || i == 2 ? AV_CEIL_RSHIFT(frame.height & ~1, format.log2_chroma_h) : frame.height & ~1;
        planes.data[i] += static_cast<std::ptrdiff_t>(planes.strides[i]) * (rows - 1);
        planes.strides[i] = -planes.strides[i];
    }
    return planes;
}

}  // namespace

void PixelConverter::Free::operator()(SwsContext* context) const { swscale().sws_freeContext(context); }

bool PixelConverter::convert(const Picture& from, const Planes& fromPlanes, const Picture& to, const Planes& toPlanes,
                             bool centred) {
    if (!context_ || from != from_ || to != to_ || centred != centred_) {
        context_.reset(swscale().sws_alloc_context());
        if (!context_) return false;
        const auto set = [&](const char* name, int value) { av_opt_set_int(context_.get(), name, value, 0); };
        set("srcw", from.width);
        set("srch", from.height);
        set("src_format", from.format);
        set("src_range", int{from.fullRange});
        set("dstw", to.width);
        set("dsth", to.height);
        set("dst_format", to.format);
        set("dst_range", int{to.fullRange});
        set("sws_flags", SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP);
        constexpr int kCentre = 128;
        if (centred) set("src_h_chr_pos", kCentre), set("dst_h_chr_pos", kCentre);
        if (swscale().sws_init_context(context_.get(), nullptr, nullptr) < 0) {
            context_.reset();
            return false;
        }
        // Refused only where neither side has a matrix: then none is needed.
        constexpr int kOne = 1 << 16;
        swscale().sws_setColorspaceDetails(context_.get(), swscale().sws_getCoefficients(from.matrix), int{from.fullRange},
                                           swscale().sws_getCoefficients(to.matrix), int{to.fullRange}, 0, kOne, kOne);
        from_ = from;
        to_ = to;
        centred_ = centred;
    }
    return swscale().sws_scale(context_.get(), fromPlanes.data.data(), fromPlanes.strides.data(), 0, from.height,
                               toPlanes.data.data(), toPlanes.strides.data()) == to.height;
}

Turn turnOf(const std::int32_t* m) {
    if (m == nullptr) return {};
    // x' = m0 x + m3 y, y' = m1 x + m4 y, with y downwards; with a flip, what remains behind it is the turn.
    constexpr double kDegrees = 57.29577951308232;
    const bool flip = static_cast<double>(m[0]) * m[4] - static_cast<double>(m[1]) * m[3] < 0;
    const auto quarters = std::lround(std::atan2(m[1], m[0]) * kDegrees / 90);
    return {flip, static_cast<Rotation>(((quarters % 4 + 4) % 4) * 90)};
}

Result<VideoFrame> FrameReader::read(const AVFrame& in, Turn turn) {
    const auto* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(in.format));
    const std::string size = std::to_string(in.width) + "x" + std::to_string(in.height);
    if (std::min(in.width, in.height) < kSmallest || std::max(in.width, in.height) > kLargest) {
        return Error{Code::SourceFailed, "its picture has " + size + " pixels: must be 16..8192 each way"};
    }
    if (auto loaded = livepusher::capture::loadSwscale(); !loaded) return loaded.error();
    if (format == nullptr || !(swscale().sws_isSupportedInput(static_cast<AVPixelFormat>(in.format)) > 0)) {
        return Error{
            Code::SourceFailed,
            "pixel format " + (format != nullptr ? format->name : "number " + std::to_string(in.format)) + " can't be read"};
    }
    const auto from = meaningOf(in, *format, picture_);
    VideoFrame frame = VideoFrame::allocate(from.width, from.height);
    frame.rotation = turn.rotation;
    if (in.sample_aspect_ratio.num > 0 && in.sample_aspect_ratio.den > 0) {
        frame.sampleAspectNum = in.sample_aspect_ratio.num;
        frame.sampleAspectDen = in.sample_aspect_ratio.den;
    }
    // Wider kinds of colour than these two become BT.709.
    frame.bt709 = from.matrix != SWS_CS_ITU601 && from.matrix != SWS_CS_FCC;
    const auto to = meaningOf(frame);
    const auto source = planesOf(in, *format, turn.flip);
    if (from == to) {
        const auto& data = source.data;
        base::copy(
            {{data[0], data[1], data[2]}, {source.strides[0], source.strides[1], source.strides[2]}, from.width, from.height},
            base::writableViewOf(frame));
        return frame;
    }
    const bool centred = picture_ || in.chroma_location == AVCHROMA_LOC_CENTER;
    if (!converter_.convert(from, source, to, planesOf(frame), centred)) {
        return Error{Code::SourceFailed, std::string("pixel format ") + format->name + " can't be converted"};
    }
    return frame;
}

FramePtr share(VideoFrame frame) {
    FramePtr out(av_frame_alloc());
    if (!out) return {};
    auto held = std::make_unique<VideoFrame>(std::move(frame));
    out->format = AV_PIX_FMT_YUV420P;
    out->width = held->width();
    out->height = held->height();
    const auto planes = planesOf(*held);
    std::copy_n(planes.data.begin(), 3, out->data);
    std::copy_n(planes.strides.begin(), 3, out->linesize);
    const auto release = [](void* opaque, std::uint8_t*) { delete static_cast<VideoFrame*>(opaque); };
    out->buf[0] = av_buffer_create(out->data[0], 1, release, held.get(), AV_BUFFER_FLAG_READONLY);
    if (out->buf[0] == nullptr) return {};
    static_cast<void>(held.release());  // the buffer's now
    return out;
}

VideoFrame sideBySide(const VideoFrame& left, const VideoFrame& right) {
    VideoFrame both = VideoFrame::allocate(left.width() + right.width(), left.height());
    both.pts = right.pts;
    both.bt709 = right.bt709;
    base::copy(base::viewOf(left), base::writableViewOf(both, {0, 0, left.width(), left.height()}));
    base::copy(base::viewOf(right), base::writableViewOf(both, {left.width(), 0, right.width(), right.height()}));
    return both;
}

}  // namespace program
