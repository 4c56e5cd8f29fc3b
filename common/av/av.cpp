// SPDX-License-Identifier: MIT
#include "av/av.hpp"

extern "C" {
#include <libavutil/log.h>
}

namespace livepusher::capture {

bool cropTo(AVFrame& frame, const base::Rect& part) {
    frame.crop_left = static_cast<std::size_t>(part.x);
    frame.crop_top = static_cast<std::size_t>(part.y);
    frame.crop_right = static_cast<std::size_t>(frame.width - part.x - part.width);
    frame.crop_bottom = static_cast<std::size_t>(frame.height - part.y - part.height);
    return av_frame_apply_cropping(&frame, AV_FRAME_CROP_UNALIGNED) >= 0;
}

CodecPtr quietContext(const AVCodec* codec) {
    CodecPtr context(avcodec_alloc_context3(codec));
    if (context) context->log_level_offset = AV_LOG_DEBUG - AV_LOG_INFO;
    return context;
}

}  // namespace livepusher::capture
