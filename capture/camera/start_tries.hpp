// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace livepusher::capture {

/// When a camera that could not be started is tried again, and when that has no use: what another program holds, what is
/// plugged in a little later and what streams only at the second attempt are worth it; missing rights and formats are not.
/// Pure: told the time. Belongs to one thread.
class StartTries {
public:
    using Clock = std::chrono::steady_clock;

    /// `patience`: so long after `begun` it is tried; `forEver`: without an end.
    StartTries(std::chrono::milliseconds patience, bool forEver) : patience_(patience), forEver_(forEver) {}

    void begin(Clock::time_point now) {
        if (!begun_) begun_ = now;
    }
    /// How long an opening may take, and how long a camera that is open may give nothing.
    Clock::time_point openingUntil(Clock::time_point now) const;
    Clock::time_point frameUntil(Clock::time_point now) const;

    /// After a failure: the moment of the next try; none: it is given up.
    std::optional<Clock::time_point> next(const Error& error, Clock::time_point now);
    /// What to tell of a failure that is tried again; none: it has been told.
    std::optional<std::string> news(const Error& error);
    bool forEver() const { return forEver_; }

private:
    bool isHopeless(const Error& error, Clock::time_point now);
    Clock::time_point within(Clock::time_point now, std::chrono::milliseconds most) const;

    const std::chrono::milliseconds patience_;
    const bool forEver_;
    std::optional<Clock::time_point> begun_;
    std::optional<Clock::time_point> deniedSince_;
    bool wasAbsent_ = false;
    int failures_ = 0;
    std::string told_;
};

}  // namespace livepusher::capture
