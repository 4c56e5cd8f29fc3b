// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "av/avformat.hpp"
#include "media/picture_size.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/mathematics.h>
}

namespace livepusher::base {
struct NetworkOptions;
}

namespace livepusher::capture {

struct AvDeleter {
    void operator()(AVFrame* frame) const { av_frame_free(&frame); }
    void operator()(AVPacket* packet) const { av_packet_free(&packet); }
    void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
    void operator()(AVFormatContext* context) const { avformat().avformat_close_input(&context); }
};
using FramePtr = std::unique_ptr<AVFrame, AvDeleter>;
using PacketPtr = std::unique_ptr<AVPacket, AvDeleter>;
using CodecPtr = std::unique_ptr<AVCodecContext, AvDeleter>;
using FormatPtr = std::unique_ptr<AVFormatContext, AvDeleter>;

inline constexpr AVRational kMicroseconds{1, 1'000'000};

/// A stamp counted in `base`.
inline Timestamp timestampOf(std::int64_t stamp, AVRational base) { return Timestamp(av_rescale_q(stamp, base, kMicroseconds)); }

/// Per second; 0 where none is given.
inline double rateOf(AVRational rate) { return rate.num > 0 && rate.den > 0 ? av_q2d(rate) : 0; }

/// Leaves of a picture only that part; nothing is copied. False: it isn't inside.
bool cropTo(AVFrame& frame, const base::Rect& part);

/// A context whose informational lines stay off stderr, where libavcodec writes by default. Null: no memory.
CodecPtr quietContext(const AVCodec* codec);

/// An AVERROR in words.
inline std::string avText(int error) {
    std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
    av_strerror(error, text.data(), text.size());
    return text.data();
}

/// Says in the log what of `network` does not hold for a URL that libavformat connects to by itself, if anything. `label`
/// begins the line.
void warnOfOwnWay(const std::string& label, const std::string& url, const base::NetworkOptions& network);

/// Sends what libav would print to stderr to the library's own log, at debug level; not when the application has
/// changed libav's log level, which tells that it wants those lines itself. [any-thread]
void routeLibavLog();

}  // namespace livepusher::capture
