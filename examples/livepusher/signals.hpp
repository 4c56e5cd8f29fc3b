// SPDX-License-Identifier: MIT
#pragma once

#include "event_loop.hpp"

#include <functional>

namespace program {

/// Signals as events of the loop. Made before any other thread, so that all threads leave them to the loop.
class Signals {
public:
    using Handler = std::function<void(int signal)>;

    /// Takes SIGINT, SIGTERM, SIGHUP and SIGTSTP; SIGPIPE, SIGTTIN and SIGTTOU are ignored: the calls fail instead.
    Signals(EventLoop& loop, Handler handler);
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

private:
    EventLoop& loop_;
    int fd_;
};

}  // namespace program
