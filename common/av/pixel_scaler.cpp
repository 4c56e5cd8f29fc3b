// SPDX-License-Identifier: MIT
#include "av/pixel_scaler.hpp"

#include "media/picture_size.hpp"

#include <string>

extern "C" {
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
}

namespace livepusher::capture {
namespace {

std::string nameOf(int format) {
    const char* name = av_get_pix_fmt_name(static_cast<AVPixelFormat>(format));
    return name ? name : "unknown";
}

Error refused(int format) {
    return {Code::SourceFailed, "pixel format " + nameOf(format) +
                                    " can't be taken: must lie in memory as YUV, RGB, grey or a palette; convert it first, as "
                                    "with ffmpeg -pix_fmt yuv420p"};
}

bool isGrey(const AVPixFmtDescriptor& format) {
    return format.nb_components < 3 && (format.flags & (AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_RGB)) == 0;
}

}  // namespace

bool isFullRange(const AVFrame& frame) {
    switch (frame.format) {
        case AV_PIX_FMT_YUVJ420P:
        case AV_PIX_FMT_YUVJ422P:
        case AV_PIX_FMT_YUVJ444P:
        case AV_PIX_FMT_YUVJ440P:
        case AV_PIX_FMT_YUVJ411P: return true;
        default: break;
    }
    if (frame.color_range != AVCOL_RANGE_UNSPECIFIED) return frame.color_range == AVCOL_RANGE_JPEG;
    const auto* description = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
    return description && isGrey(*description);  // grey comes from pictures and scans; coded video tells its range
}

bool isRgb(AVPixelFormat format) {
    const auto* description = av_pix_fmt_desc_get(format);
    if (!description) return false;
    return (description->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0 || format == AV_PIX_FMT_XYZ12LE ||
           format == AV_PIX_FMT_XYZ12BE;
}

Result<void> PixelScaler::check(AVPixelFormat format) {
    const auto* description = av_pix_fmt_desc_get(format);
    if (!description || (description->flags & AV_PIX_FMT_FLAG_HWACCEL)) return refused(format);
    if (auto loaded = loadSwscale(); !loaded)
        return Error{loaded.error().code, "pixel format " + nameOf(format) + ": " + loaded.error().message};
    if (swscale().sws_isSupportedInput(format) == 0) return refused(format);
    return {};
}

Result<void> PixelScaler::prepare(const Order& order) {
    if (context_ && order == order_) return {};
    context_.reset();
    if (auto good = check(static_cast<AVPixelFormat>(order.format)); !good) return good;
    const auto& sws = swscale();
    context_.reset(sws.sws_alloc_context());
    const auto failed = [&](const std::string& what, int error) {
        context_.reset();
        return Error{Code::SourceFailed,
                     "pixel format " + nameOf(order.format) + " of " + base::sizeText(order.from.width, order.from.height) +
                         " can't be converted: " + what,
                     error};
    };
    if (!context_) return failed("out of memory", AVERROR(ENOMEM));
    const bool smaller = order.to.width < order.from.width || order.to.height < order.from.height;
    const bool larger = order.to.width > order.from.width || order.to.height > order.from.height;
    // An odd last column or row is cut off, which is no scaling: then `from` is `to`.
    const int method = larger ? SWS_POINT : smaller ? SWS_AREA : SWS_BILINEAR;
    const auto set = [&](const char* name, std::int64_t value) { av_opt_set_int(context_.get(), name, value, 0); };
    set("srcw", order.from.width);
    set("srch", order.from.height);
    set("src_format", order.format);
    set("src_range", order.full ? 1 : 0);  // before it is initialised: deep formats don't follow a later change
    set("dstw", order.to.width);
    set("dsth", order.to.height);
    set("dst_format", order.toFormat);
    set("dst_range", 0);
    set("sws_flags", method | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP);
    if (const int error = sws.sws_init_context(context_.get(), nullptr, nullptr); error < 0)
        return failed("libswscale refuses it", error);
    const int* from = sws.sws_getCoefficients(order.matrix);
    const int* to = isRgb(static_cast<AVPixelFormat>(order.format)) ? sws.sws_getCoefficients(order.rgbMatrix) : from;
    // For YUV to YUV it answers -1, having nothing to do.
    sws.sws_setColorspaceDetails(context_.get(), from, order.full ? 1 : 0, to, 0, 0, 1 << 16, 1 << 16);
    order_ = order;
    return {};
}

Result<void> PixelScaler::convert(const AVFrame& source, const Target& target) {
    Order order;
    order.format = source.format;
    order.toFormat = target.format;
    order.matrix = source.colorspace == AVCOL_SPC_RGB ? SWS_CS_ITU601 : static_cast<int>(source.colorspace);
    order.rgbMatrix = target.rgbMatrix;
    order.from = {source.width, source.height};
    order.to = target.size;
    order.full = isFullRange(source);
    if (order.from.width - order.to.width == 1) order.from.width = order.to.width;
    if (order.from.height - order.to.height == 1) order.from.height = order.to.height;
    if (auto ready = prepare(order); !ready) return ready;
    const int rows = swscale().sws_scale(context_.get(), source.data, source.linesize, 0, order.from.height, target.planes.data(),
                                         target.strides.data());
    if (rows == order.to.height) return {};
    return Error{Code::SourceFailed, "pixel format " + nameOf(source.format) + ": the conversion broke off", rows};
}

}  // namespace livepusher::capture
