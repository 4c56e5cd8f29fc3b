// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <algorithm>
#include <optional>

namespace livepusher::capture {

/// Time stamps for what comes without any: each follows the one before by its length and is drawn softly towards the
/// moment of arrival, so that jitter is smoothed and a device's own clock is followed. Pure: time comes by hand.
class ArrivalClock {
public:
    /// `softness`: in so many steps an error shrinks to about a third.
    explicit ArrivalClock(int softness) : softness_(softness) {}

    /// The stamp of something of length `duration` that began at `begin` as far as its arrival tells. Empty: it came
    /// in a burst after a stall and the time it belongs to is taken; drop it.
    std::optional<Timestamp> stamp(Timestamp begin, Timestamp duration) {
        if (!begun_ || begin - next_ > kJump) next_ = begin;  // the first, or a gap
        begun_ = true;
        const auto error = begin - next_;
        if (error < -kJump) return std::nullopt;
        const auto pts = next_ + error / softness_;
        next_ = std::max(pts + duration, pts + Timestamp(1));
        return pts;
    }

    /// How far what comes next would lie ahead of `moment`.
    Timestamp ahead(Timestamp moment) const { return begun_ ? next_ - moment : Timestamp{}; }
    void reset() { begun_ = false; }

private:
    static constexpr Timestamp kJump{100'000};

    const int softness_;
    bool begun_ = false;
    Timestamp next_{};  ///< once begun
};

}  // namespace livepusher::capture
