// SPDX-License-Identifier: MIT
#pragma once

#include "base/event_fd.hpp"

#include <chrono>

namespace livepusher::rtmp {

/// Ends the wait of another thread that polls descriptors. signal() before the wait ends it too; who waits clears it.
class Wake {
public:
    void signal() const { event_.signal(); }  ///< [any-thread]
    void clear() const { event_.drain(); }
    bool signalled() const;
    int descriptor() const { return event_.fd(); }  ///< readable while it is signalled; -1 where no descriptor was left
    /// Waits for nothing but this.
    void await(std::chrono::steady_clock::time_point until) const;

private:
    base::EventFd event_;
};

/// For poll(): whole milliseconds, never too few; a point in time as far off as can be is for ever.
int pollTimeout(std::chrono::steady_clock::time_point until);

}  // namespace livepusher::rtmp
