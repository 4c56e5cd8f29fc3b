// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <memory>
#include <string>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

namespace program {

/// The functions of libavformat that are used here. It brings some forty libraries into the process, which a push may
/// never need: it is loaded with the first file.
struct Avformat {
#define LIVEPUSHER_PROGRAM_AVFORMAT(X) \
    X(av_find_best_stream)             \
    X(av_guess_frame_rate)             \
    X(av_guess_sample_aspect_ratio)    \
    X(av_interleaved_write_frame)      \
    X(av_read_frame)                   \
    X(av_stream_get_side_data)         \
    X(av_write_trailer)                \
    X(avformat_alloc_output_context2)  \
    X(avformat_close_input)            \
    X(avformat_find_stream_info)       \
    X(avformat_free_context)           \
    X(avformat_new_stream)             \
    X(avformat_open_input)             \
    X(avformat_query_codec)            \
    X(avformat_write_header)           \
    X(avio_closep)                     \
    X(avio_open)
#define X(function) decltype(&::function) function = nullptr;
    LIVEPUSHER_PROGRAM_AVFORMAT(X)
#undef X
};

/// Errors: NotAvailable, with what is missing.
livepusher::Result<void> loadAvformat();
const Avformat& avformat();  ///< only after loadAvformat() has succeeded

struct LibavDeleter {
    void operator()(AVFormatContext* input) const { avformat().avformat_close_input(&input); }
    void operator()(AVCodecContext* codec) const { avcodec_free_context(&codec); }
    void operator()(AVFrame* frame) const { av_frame_free(&frame); }
    void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};
using InputPtr = std::unique_ptr<AVFormatContext, LibavDeleter>;
using CodecPtr = std::unique_ptr<AVCodecContext, LibavDeleter>;
using FramePtr = std::unique_ptr<AVFrame, LibavDeleter>;
using PacketPtr = std::unique_ptr<AVPacket, LibavDeleter>;

/// "Invalid data found when processing input" and the like.
std::string libavError(int code);

}  // namespace program
