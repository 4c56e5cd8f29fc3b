// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <atomic>
#include <mutex>

#include "base/event_fd.hpp"

namespace livepusher::capture {

/// Ends, from another thread, everything that a thread waits for at an X server: XCB's own waits know no end.
class Interruption {
public:
    void raise();  ///< Sticky. [any-thread]
    bool raised() const { return raised_; }

    /// The connection whose reads and writes raise() ends; -1: none any more. [capture]
    void guard(int socket);

    /// False when it was raised before. [capture]
    bool waitUntil(Timestamp moment) { return wait(-1, moment); }
    /// As waitUntil(), until there is something to be read from `socket`, too. [capture]
    bool wait(int socket, Timestamp until);

private:
    const base::EventFd event_;
    std::atomic<bool> raised_{false};
    std::mutex mutex_;  ///< of guarded_
    int guarded_ = -1;
};

}  // namespace livepusher::capture
