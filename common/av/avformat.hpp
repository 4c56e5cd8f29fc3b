// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

extern "C" {
#include <libavformat/avformat.h>
}

#include "base/loaded_library.hpp"

namespace livepusher::capture {

/// The functions of libavformat that are used, here and in the program. It brings some forty libraries into the process (9 MB and
/// 12 ms of a start), so it is loaded when the first file, URL or device is opened and not before.
struct Avformat {
#define LIVEPUSHER_AVFORMAT(X)        \
    X(av_find_best_stream)            \
    X(av_find_input_format)           \
    X(av_guess_frame_rate)            \
    X(av_guess_sample_aspect_ratio)   \
    X(av_interleaved_write_frame)     \
    X(av_probe_input_buffer2)         \
    X(av_read_frame)                  \
    X(av_stream_get_side_data)        \
    X(av_write_frame)                 \
    X(av_write_trailer)               \
    X(avformat_alloc_context)         \
    X(avformat_alloc_output_context2) \
    X(avformat_close_input)           \
    X(avformat_find_stream_info)      \
    X(avformat_free_context)          \
    X(avformat_new_stream)            \
    X(avformat_open_input)            \
    X(avformat_query_codec)           \
    X(avformat_seek_file)             \
    X(avformat_write_header)          \
    X(avio_alloc_context)             \
    X(avio_closep)                    \
    X(avio_context_free)              \
    X(avio_flush)                     \
    X(avio_open)
    LIVEPUSHER_FUNCTIONS(LIVEPUSHER_AVFORMAT)
};

/// Errors: NotAvailable, with the library's name. [any-thread]
Result<void> loadAvformat();

/// Only after loadAvformat() has succeeded. [any-thread]
const Avformat& avformat();

}  // namespace livepusher::capture
