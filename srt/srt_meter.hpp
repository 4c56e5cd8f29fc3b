// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

#include "net/link_statistics.hpp"
#include "net/send_meter.hpp"

namespace livepusher::srt {

/// The least of what was noted lately: of the last minute at least, of two at most. Not locked.
class RecentLeast {
public:
    using Time = std::chrono::steady_clock::time_point;

    void note(int value, Time now) {
        if (now - since_ >= kStretch) {
            before_ = now - since_ < 2 * kStretch ? current_ : std::nullopt;
            current_.reset();
            since_ = now;
        }
        current_ = current_ ? std::min(*current_, value) : value;
    }
    std::optional<int> value() const { return current_ && before_ ? std::min(current_, before_) : current_ ? current_ : before_; }

private:
    static constexpr std::chrono::seconds kStretch{60};
    std::optional<int> current_, before_;
    Time since_{};
};

/// What libsrt tells of a connection at one moment, in bytes of payload.
struct SrtFigures {
    std::uint64_t unacknowledged = 0;  ///< taken, and neither acknowledged nor left out
    std::uint64_t leftOut = 0;         ///< since the connection began: too late to be sent (TLPKTDROP)
    double rtt = 0;                    ///< ms, smoothed
    bool measured = false;             ///< the other side has acknowledged something, which the rtt is measured by
};

/// Accounts for what libsrt has taken and the other side has. What was left out has not been sent, and waits no more. Not locked.
class SrtMeter {
public:
    using Time = std::chrono::steady_clock::time_point;

    void taken(std::uint64_t bytes, Time now) {
        meter_.handedOver(bytes, now);
        meter_.taken(bytes, now);
    }

    void note(const SrtFigures& figures, Time now) {
        figures_ = figures;
        if (figures.measured) leastRtt_.note(std::max(1, static_cast<int>(figures.rtt)), now);
    }

    std::optional<int> minRtt() const { return leastRtt_.value(); }  ///< ms

    rtmp::LinkStatistics statistics(Time now) {
        rtmp::LinkStatistics out;
        out.bytesInFlight = figures_.unacknowledged;
        if (figures_.measured) out.rtt = std::max(1, static_cast<int>(figures_.rtt));
        out.minRtt = leastRtt_.value().value_or(0);
        meter_.addTo(out, now);  // by places in what was taken: what was left out was passed over there
        out.bytesSent -= std::min(out.bytesSent, figures_.leftOut);
        return out;
    }

private:
    rtmp::SendMeter meter_;
    SrtFigures figures_;
    RecentLeast leastRtt_;
};

}  // namespace livepusher::srt
