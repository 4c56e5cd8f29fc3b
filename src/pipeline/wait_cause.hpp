// SPDX-License-Identifier: MIT
#pragma once

#include "rtmp/publisher.hpp"

#include <chrono>
#include <deque>
#include <optional>

namespace livepusher::pipeline {

/// Tells what waits for the line from what waits for our own threads or for a server that doesn't read: on a machine that
/// is busy with other things both are late, and a lower bitrate would help neither. Pure: what is known is handed in.
///
/// A server that is held up stands still and then takes more than is new. One that reads slowly all the time may be a
/// proxy before a slow line: that is the line's.
class WaitCause {
public:
    using Time = std::chrono::steady_clock::time_point;

    struct Sample {
        Time at{};
        std::optional<rtmp::LineUse> use{};  ///< since the connection began; empty: this kernel doesn't tell
        bool waiting = false;                ///< something is late
        bool stalled = false;                ///< the server has just taken hardly anything
        bool catchesUp = false;              ///< it takes more than is made
    };
    /// True: what is late isn't by the line.
    bool elsewhere(const Sample& sample);
    void forget() { *this = {}; }

private:
    struct Use {
        Time at;
        rtmp::LineUse use;
    };
    std::deque<Use> uses_;               // of the last half second
    std::optional<Time> readerStalled_;  // since the server stopped reading, until nothing is late any more
    Time stoodUntil_{};                  // and was last seen not reading
};

}  // namespace livepusher::pipeline
