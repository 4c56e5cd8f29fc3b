// SPDX-License-Identifier: MIT
#include "capture/camera/rare_pictures.hpp"

#include <algorithm>

#include "base/log.hpp"

extern "C" {
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
}

namespace livepusher::capture {

std::optional<VideoFrame> RarePictures::convert(std::span<const std::uint8_t> bytes, const base::Rect& crop) {
    const FramePtr frame(av_frame_alloc());
    const auto* description = av_pix_fmt_desc_get(layout_.format);
    if (!frame || !description) return std::nullopt;
    std::size_t used = 0;
    const int first = av_image_get_linesize(layout_.format, layout_.size.width, 0);
    const int planes = av_pix_fmt_count_planes(layout_.format);
    if (first <= 0) return std::nullopt;
    for (int i = 0; i < planes; ++i) {
        const auto plane = static_cast<std::size_t>(i);
        const int own = av_image_get_linesize(layout_.format, layout_.size.width, i);
        frame->linesize[plane] = i == 0 ? std::max(layout_.stride, own) : frame->linesize[0] * own / first;
        // Nothing writes through it: the frame only lends the driver's memory to the converter.
        frame->data[plane] = const_cast<std::uint8_t*>(bytes.data()) + std::min(used, bytes.size());
        const int rows = i == 0 ? layout_.size.height : AV_CEIL_RSHIFT(layout_.size.height, description->log2_chroma_h);
        used += static_cast<std::size_t>(frame->linesize[plane]) * static_cast<std::size_t>(rows);
    }
    if (bytes.size() < used) return std::nullopt;
    frame->format = layout_.format;
    frame->width = layout_.size.width;
    frame->height = layout_.size.height;
    frame->colorspace = layout_.bt709 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
    frame->color_range = layout_.fullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    if (!cropTo(*frame, crop)) return std::nullopt;
    auto converted = converter_.convert(*frame);
    if (converted) return std::move(*converted);
    if (!std::exchange(told_, true)) base::log(LogLevel::Error, "camera: " + converted.error().message);
    return std::nullopt;
}

}  // namespace livepusher::capture
