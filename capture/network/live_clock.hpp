// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <algorithm>
#include <optional>

namespace livepusher::capture {

/// When a picture of a live stream was made, on our clock, as far as its arrival tells: what the network adds for a while
/// is smoothed away, and the sender's clock may run a little faster or slower. Pure: time comes by hand.
class LiveClock {
public:
    /// `told`: its time on the sender's clock; empty: it has none. Never after `arrival` when told, and never further from
    /// it than kJump. What it answers may go back where `told` does.
    Timestamp map(std::optional<Timestamp> told, Timestamp arrival) { return told ? shift(*told, arrival) : smooth(arrival); }
    void reset() { *this = {}; }

    static constexpr Timestamp kJump{1'000'000};

private:
    Timestamp shift(Timestamp told, Timestamp arrival) {
        const auto offset = arrival - told;
        const auto later = offset - offset_;
        if (!begun_ || later > kJump || later < -kJump) {
            offset_ = offset;  // the first, or the sender counts anew
        } else if (later < Timestamp{}) {
            offset_ = offset;  // it was never so fast: that is nearest to the truth
        } else {
            offset_ += later / kSoftness;
        }
        begun_ = true;
        return told + offset_;
    }

    /// Each follows the one before by a period that is learnt from how early or late they come.
    Timestamp smooth(Timestamp arrival) {
        if (!period_ && begun_ && arrival - last_ < kWaver) period_ = arrival - last_;
        const auto expected = last_ + period_.value_or(Timestamp{});
        const auto error = arrival - expected;
        const bool follows = period_ && error < kWaver && error > -kWaver;
        if (follows) {
            period_ = *period_ + error / 128;
            last_ = std::min(expected + error / 8, arrival);
        } else {
            last_ = arrival;
        }
        begun_ = true;
        return last_;
    }

    static constexpr int kSoftness = 256;
    static constexpr Timestamp kWaver{200'000};

    bool begun_ = false;
    Timestamp offset_{};
    Timestamp last_{};
    std::optional<Timestamp> period_;
};

}  // namespace livepusher::capture
