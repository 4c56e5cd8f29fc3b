// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <cstdint>

namespace livepusher::playback {

/// What control wants of the lanes: one immutable snapshot (base::Latest).
struct LaneOrders {
    bool running = false;   ///< media goes on; else the picture stays and nothing is heard
    double speed = 1;       ///< while it runs
    std::uint64_t cut = 0;  ///< of another number than before: it goes on at `from`
    Timestamp from{};       ///< media time
    double gain = 1;        ///< 0: silent
    bool pictures = true;   ///< are wanted; else none is decoded
    bool operator==(const LaneOrders&) const = default;
};

}  // namespace livepusher::playback
