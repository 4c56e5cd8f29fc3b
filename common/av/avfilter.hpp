// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

extern "C" {
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
}

#include "base/loaded_library.hpp"

namespace livepusher::capture {

/// The functions of libavfilter that are used here. It brings a hundred libraries into the process (11 MB and 20 ms), so
/// it is loaded with the first interlaced picture and not before.
struct Avfilter {
#define LIVEPUSHER_AVFILTER(X)      \
    X(av_buffersink_get_frame)      \
    X(av_buffersrc_add_frame_flags) \
    X(avfilter_get_by_name)         \
    X(avfilter_graph_alloc)         \
    X(avfilter_graph_config)        \
    X(avfilter_graph_create_filter) \
    X(avfilter_graph_free)          \
    X(avfilter_link)
    LIVEPUSHER_FUNCTIONS(LIVEPUSHER_AVFILTER)
};

/// Errors: NotAvailable, with the library's name. [any-thread]
Result<void> loadAvfilter();

/// Only after loadAvfilter() has succeeded. [any-thread]
const Avfilter& avfilter();

}  // namespace livepusher::capture
