// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <memory>

#include <pulse/pulseaudio.h>

#include "base/loaded_library.hpp"

namespace livepusher::sound {

/// The functions of libpulse that are used here; loaded when the first microphone is opened, so that machines without
/// sound run all the rest.
struct PulseLibrary {
#define LIVEPUSHER_PULSE(X)               \
    X(pa_channel_map_init_extend)         \
    X(pa_context_connect)                 \
    X(pa_context_disconnect)              \
    X(pa_context_errno)                   \
    X(pa_context_get_server_info)         \
    X(pa_context_get_sink_info_by_name)   \
    X(pa_context_get_sink_info_list)      \
    X(pa_context_get_source_info_by_name) \
    X(pa_context_get_source_info_list)    \
    X(pa_context_get_state)               \
    X(pa_context_move_sink_input_by_name) \
    X(pa_context_new_with_proplist)       \
    X(pa_context_set_subscribe_callback)  \
    X(pa_context_subscribe)               \
    X(pa_context_unref)                   \
    X(pa_mainloop_dispatch)               \
    X(pa_mainloop_free)                   \
    X(pa_mainloop_get_api)                \
    X(pa_mainloop_new)                    \
    X(pa_mainloop_poll)                   \
    X(pa_mainloop_prepare)                \
    X(pa_mainloop_wakeup)                 \
    X(pa_operation_cancel)                \
    X(pa_operation_get_state)             \
    X(pa_operation_unref)                 \
    X(pa_proplist_free)                   \
    X(pa_proplist_gets)                   \
    X(pa_proplist_new)                    \
    X(pa_proplist_sets)                   \
    X(pa_stream_begin_write)              \
    X(pa_stream_cancel_write)             \
    X(pa_stream_connect_playback)         \
    X(pa_stream_connect_record)           \
    X(pa_stream_disconnect)               \
    X(pa_stream_drop)                     \
    X(pa_stream_get_device_name)          \
    X(pa_stream_get_index)                \
    X(pa_stream_get_latency)              \
    X(pa_stream_get_state)                \
    X(pa_stream_get_timing_info)          \
    X(pa_stream_is_suspended)             \
    X(pa_stream_new_with_proplist)        \
    X(pa_stream_peek)                     \
    X(pa_stream_proplist_update)          \
    X(pa_stream_readable_size)            \
    X(pa_stream_set_buffer_attr)          \
    X(pa_stream_unref)                    \
    X(pa_stream_update_timing_info)       \
    X(pa_stream_writable_size)            \
    X(pa_stream_write)                    \
    X(pa_strerror)
    LIVEPUSHER_FUNCTIONS(LIVEPUSHER_PULSE)
};

inline const auto& pulseLibrary() {
    static const base::LoadedLibrary<PulseLibrary> loaded({"libpulse.so.0"});
    return loaded;
}

/// Errors: NotAvailable, with the library's name and its Debian package. [any-thread]
inline Result<void> loadPulse() { return pulseLibrary().check("the sound server needs", "libpulse0"); }

/// Only after loadPulse() has succeeded. [any-thread]
inline const PulseLibrary& pulse() { return *pulseLibrary(); }

struct PulseDeleter {
    void operator()(pa_mainloop* loop) const { pulse().pa_mainloop_free(loop); }
    void operator()(pa_proplist* list) const { pulse().pa_proplist_free(list); }
    void operator()(pa_context* context) const {
        pulse().pa_context_set_subscribe_callback(context, nullptr, nullptr);
        pulse().pa_context_disconnect(context);
        pulse().pa_context_unref(context);
    }
    void operator()(pa_stream* stream) const {
        pulse().pa_stream_disconnect(stream);
        pulse().pa_stream_unref(stream);
    }
};
template <typename T>
using PulsePtr = std::unique_ptr<T, PulseDeleter>;

}  // namespace livepusher::sound
