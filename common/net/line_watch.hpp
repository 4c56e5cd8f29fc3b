// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "net/stall_watch.hpp"
#include "net/way_out.hpp"

#include <chrono>
#include <optional>

namespace livepusher::rtmp {

/// Notices what a connection that stands would take minutes to tell: that nothing is acknowledged any more, and sooner, that its
/// way out is gone. Not locked.
class LineWatch {
public:
    using Clock = StallWatch::Clock;

    /// The socket is connected; it stays the caller's.
    LineWatch(int socket, std::chrono::milliseconds stallTimeout);

    /// To be called each StallWatch::kEvery while it waits. `queued`: there is more than the kernel holds. Error: TransferFailed.
    std::optional<Error> check(bool queued, Clock::time_point now);
    bool waiting() const { return stall_.waiting(); }

private:
    std::optional<Error> checkWayOut(Clock::time_point now);

    int socket_;
    StallWatch stall_;
    WayOut wayOut_;
    Clock::time_point lookedAt_{};
    std::optional<Clock::time_point> goneSince_;
};

}  // namespace livepusher::rtmp
