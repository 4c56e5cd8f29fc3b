// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/publisher.hpp"
#include "media/packet.hpp"
#include "pipeline/rate_controller.hpp"
#include "pipeline/send_queue.hpp"

#include <memory>
#include <string_view>

namespace livepusher::bench {

/// A way to find the bitrate, asked ten times a second.
class Rule {
public:
    struct Limits {
        int min, max, audio;  ///< kbps
    };
    struct Reading {
        pipeline::RateController::Time at;
        pipeline::SendQueue::Counts queue;
        rtmp::LinkStatistics link;
        std::uint64_t videoBytes;  ///< encoded
    };
    struct Order {
        int bitrate;           ///< kbps, video
        bool skip = false;     ///< leave out frames before the encoder
        Timestamp interval{};  ///< between frames, at least
    };

    virtual ~Rule() = default;
    virtual Order tick(const Reading& reading) = 0;

    /// Media time in the queue from which on coded frames are thrown away; zero: never.
    virtual Timestamp queueLimit() const { return Timestamp::zero(); }
    /// Whether a key frame is made at once when some have been; else the next one in turn ends the gap.
    virtual bool forcesKeys() const { return true; }
};

/// `name`: ours, obs, haishinkit or fixed; null for another.
std::unique_ptr<Rule> makeRule(std::string_view name, Rule::Limits limits);

}  // namespace livepusher::bench
