// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <srt/access_control.h>
#include <srt/srt.h>

#include <utility>

#include "base/loaded_library.hpp"

namespace livepusher::srt {

/// The functions of libsrt that are used here; loaded when the first SRT connection is opened.
struct SrtLibrary {
#define LIVEPUSHER_SRT(X)   \
    X(srt_accept)           \
    X(srt_bind)             \
    X(srt_bind_acquire)     \
    X(srt_bistats)          \
    X(srt_cleanup)          \
    X(srt_close)            \
    X(srt_connect)          \
    X(srt_create_socket)    \
    X(srt_getlasterror)     \
    X(srt_getlasterror_str) \
    X(srt_getrejectreason)  \
    X(srt_getsndbuffer)     \
    X(srt_getsockflag)      \
    X(srt_getsockstate)     \
    X(srt_listen)           \
    X(srt_listen_callback)  \
    X(srt_send)             \
    X(srt_setlogflags)      \
    X(srt_setloghandler)    \
    X(srt_setrejectreason)  \
    X(srt_setsockflag)      \
    X(srt_startup)
    LIVEPUSHER_FUNCTIONS(LIVEPUSHER_SRT)
};

/// Errors: NotAvailable, with the library's name and its Debian package. [any-thread]
Result<void> loadSrt();

/// Only after loadSrt() has succeeded. [any-thread]
const SrtLibrary& library();

/// libsrt runs, with a thread of its own that cleans up, as long as anybody in the process has one of these: it counts them
/// itself, those of libavformat too.
class Running {
public:
    static Result<Running> start();
    Running(Running&& other) noexcept : counts_(std::exchange(other.counts_, false)) {}
    Running& operator=(Running&&) = delete;
    ~Running() {
        if (counts_) library().srt_cleanup();
    }

private:
    Running() = default;
    bool counts_ = true;
};

}  // namespace livepusher::srt
