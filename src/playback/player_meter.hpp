// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>
#include <livepusher/player_events.hpp>

#include "playback/play.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace livepusher::playback {

/// Makes the net status out of a play's counters. Pure: moments and figures come in. Belongs to one thread.
class PlayerMeter {
public:
    struct Totals {
        Play::Figures figures;
        Timestamp at{};
        std::chrono::microseconds cpu{};  ///< of the process
        bool playing = false, reconnecting = false;
        std::string decoder;
    };
    /// Figures since the last call, and totals.
    PlayerNetStatus measure(const Totals& now);

private:
    std::optional<Totals> before_;
    std::optional<Timestamp> stalledAt_;
};

}  // namespace livepusher::playback
