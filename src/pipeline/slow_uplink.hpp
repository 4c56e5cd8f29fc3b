// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/hold_timer.hpp"

#include <chrono>
#include <optional>

namespace livepusher::pipeline {

/// Tells when data has been queueing for long enough to say so (Code::UplinkSlow): once an episode. Pure: time is handed in.
class SlowUplink {
public:
    using Time = std::chrono::steady_clock::time_point;
    using Duration = std::chrono::milliseconds;

    /// True at the one moment of an episode. `atLeast`: the bitrate can't be lowered any more.
    bool tick(Duration delay, bool atLeast, bool skipping, Time now) {
        using namespace std::chrono_literals;
        const bool late = late_.update(delay > 500ms, now, 1s);
        const bool hopeless = hopeless_.update(atLeast && delay > 300ms, now, 2s);
        if (calm_.update(delay < 200ms, now, 3s)) told_ = false;
        if (told_ || !(late || hopeless || skipping)) return false;
        if (toldAt_ && now - *toldAt_ < 5s) return false;
        told_ = true;
        toldAt_ = now;
        return true;
    }

    void restart() { *this = {}; }

private:
    HoldTimer late_, hopeless_, calm_;
    std::optional<Time> toldAt_;
    bool told_ = false;
};

}  // namespace livepusher::pipeline
