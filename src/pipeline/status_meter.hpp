// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/events.hpp>

#include "endpoint/publisher.hpp"
#include "pipeline/lane.hpp"
#include "pipeline/send_queue.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace livepusher::pipeline {

/// Turns running totals into the net status of one interval. Pure: totals and time are handed in.
class StatusMeter {
public:
    struct Totals {
        std::chrono::steady_clock::time_point at{};
        std::uint64_t videoFrames = 0, videoBytes = 0;
        std::uint64_t audioFrames = 0, audioBytes = 0;
        std::uint64_t videoDropped = 0, audioDropped = 0;  ///< before the encoders
        std::chrono::microseconds keyInterval{};
        int encodeLoad = 0;  ///< %
        std::string preset{};
        int width = 0, height = 0;          ///< px
        Resolved limits;                    ///< between which adaptation moves
        int bitrate = 0;                    ///< kbps, that adaptation has chosen for the picture
        std::chrono::milliseconds delay{};  ///< as adaptation sees it
        bool skipping = false;              ///< pictures are left out before the encoder
        bool publishing = false;
        int reconnects = 0;
        SendQueue::Counts queue;
        rtmp::LinkStatistics link;
        std::chrono::microseconds cpu{};  ///< of the process
    };

    NetStatus measure(const Totals& now);
    void restart() { before_.reset(); }

private:
    int quality(const NetStatus& status, const Totals& now, bool dropping, double seconds) const;

    std::optional<Totals> before_;
    double silentFor_ = 0;  // s without a byte that arrived
};

}  // namespace livepusher::pipeline
