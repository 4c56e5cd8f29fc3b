// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/publisher.hpp"

#include <chrono>
#include <deque>

namespace livepusher::pipeline {

/// Tells what waits for the line from what waits for a machine that has too much to do: for our own threads to hand it
/// on, or for a server beside them to read. A lower bitrate would help neither. Pure: what is known is handed in.
class WaitCause {
public:
    using Time = std::chrono::steady_clock::time_point;
    enum class Cause { Line, OwnThreads, Server };

    struct Sample {
        Time at{};
        rtmp::LineUse use;          ///< since the connection began
        bool unsent = false;        ///< the kernel has bytes that it may not send yet
        bool underWayLong = false;  ///< what it has sent, or would, takes longer than an idle line
        bool late = false;          ///< something waits for longer than it should
        bool stands = false;        ///< the server's kernel has just taken next to nothing
        bool catchesUp = false;     ///< it takes more than is made
        bool cpuShort = false;      ///< threads of this machine wait for a processor
    };
    /// Why what is late is late; Line when nothing is.
    Cause tick(const Sample& sample);
    void forget() { *this = {}; }

private:
    bool idle() const;
    bool heldUp(const Sample& sample);
    double share(std::chrono::microseconds rtmp::LineUse::*part, std::chrono::milliseconds window) const;

    std::deque<Sample> samples_;
    enum class Reader { Reads, Stands, CatchesUp, Slow };  // Slow: until nothing is late any more
    Reader reader_ = Reader::Reads;
    Time stoodAt_{}, movedAt_{};
};

}  // namespace livepusher::pipeline
