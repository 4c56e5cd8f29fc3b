// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/properties.hpp>

#include "base/packet.hpp"

#include <atomic>
#include <cstdint>
#include <functional>

namespace livepusher::pipeline {

/// What a lane reads at the top of each frame: the properties in force, what they come to, and
/// what the session wants of the lane. One immutable snapshot, so that a frame never mixes two.
struct Orders {
    Properties properties;
    Resolved resolved;
    bool encode = false;  ///< a push is on: packets go to the sink
    bool paused = false;  ///< the source is closed, the last picture or silence goes out
    Timestamp origin{};   ///< packets count from here
};

/// Figures of one lane, written by its thread, read by any.
struct LaneCounters {
    std::atomic<std::uint64_t> frames{0};      ///< encoded
    std::atomic<std::uint64_t> bytes{0};       ///< encoded
    std::atomic<std::uint64_t> dropped{0};     ///< lost before the encoder
    std::atomic<std::int64_t> keyInterval{0};  ///< µs between the last two key frames
};

}  // namespace livepusher::pipeline
