// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <chrono>

#include "base/descriptor.hpp"

namespace livepusher::base {

/// Wakes a thread that waits in poll(): from signal() to drain() there is something to read, however often it was
/// signalled. Not inherited by what the process starts. [any-thread]
class EventFd {
public:
    EventFd();

    /// Errors: InternalFailure, with errno, where the process had no descriptor left. It wakes nobody then.
    Result<void> check() const;
    int fd() const { return fd_.get(); }  ///< for poll(), which passes over the -1 of one that failed
    void signal() const;
    void drain() const;
    bool signalled() const;

private:
    Descriptor fd_;
    int error_ = 0;
};

/// For poll(): whole milliseconds, never too few; a point in time as far off as can be is for ever.
int pollTimeout(std::chrono::steady_clock::time_point until);

}  // namespace livepusher::base
