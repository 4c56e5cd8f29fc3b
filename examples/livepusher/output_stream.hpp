// SPDX-License-Identifier: MIT
#pragma once

#include "event_loop.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace program {

/// stdout or stderr, written without ever blocking the loop: what a slow reader hasn't taken yet waits in memory, up to a
/// limit. A reader that went away (EPIPE) is no reason to end. [main]
class OutputStream {
public:
    OutputStream(EventLoop& loop, int fd) : loop_(loop), fd_(fd) {}
    ~OutputStream();
    OutputStream(const OutputStream&) = delete;
    OutputStream& operator=(const OutputStream&) = delete;

    /// Writes `text` whole or, when too much waits already, not at all.
    void write(std::string_view text);

    /// Waits for the reader, at most that long.
    void finish(std::chrono::milliseconds patience);

private:
    void pump(int timeoutMs);

    EventLoop& loop_;
    int fd_;
    bool broken_ = false;
    std::string pending_;
};

}  // namespace program
