// SPDX-License-Identifier: MIT
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/error.h>
#include <libavutil/frame.h>
}

#include <array>
#include <memory>
#include <string>

namespace livepusher::encode {

struct AvFree {
    void operator()(AVCodecContext* p) const { avcodec_free_context(&p); }
    void operator()(AVFrame* p) const { av_frame_free(&p); }
    void operator()(AVPacket* p) const { av_packet_free(&p); }
};
using AvContext = std::unique_ptr<AVCodecContext, AvFree>;
using AvFrame = std::unique_ptr<AVFrame, AvFree>;
using AvPacket = std::unique_ptr<AVPacket, AvFree>;

inline std::string avText(int code) {
    std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
    av_strerror(code, text.data(), text.size());
    return text.data();
}

/// A context whose informational lines stay off stderr, where libavcodec writes by default.
inline AvContext quietContext(const AVCodec* codec) {
    AvContext context(avcodec_alloc_context3(codec));
    if (context) context->log_level_offset = AV_LOG_DEBUG - AV_LOG_INFO;
    return context;
}

}  // namespace livepusher::encode
