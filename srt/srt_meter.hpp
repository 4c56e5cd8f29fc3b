// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

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
    std::uint64_t carried = 0;         ///< of all that was sent, again too, what is not reported lost
    double rtt = 0;                    ///< ms, smoothed
    bool measured = false;             ///< the other side has acknowledged something, which the rtt is measured by
};

/// Accounts for what libsrt has taken and the other side has, so that who decides on a bitrate can read it as TCP's figures.
///
/// SRT acknowledges up to the first hole, and holes are what it is for: on a line that loses one datagram in twenty there is
/// always one that is being sent again, and everything behind it has long arrived. So what was sent a round trip ago counts as
/// arrived, and a full line shows in the round trip, which grows with its queue. Only where a hole is about to outlive the
/// latency, after which the receiver goes on without it, it counts as waiting, and no more as arrived than what isn't reported
/// lost. Not locked.
class SrtMeter {
public:
    using Time = std::chrono::steady_clock::time_point;
    using Duration = std::chrono::milliseconds;

    /// `latency`: that both sides have agreed on.
    explicit SrtMeter(Duration latency = Duration(120)) : latency_(latency) {}

    void handedOver(std::uint64_t bytes, Time now) { meter_.handedOver(bytes, now); }
    void taken(std::uint64_t bytes, Time now) {
        meter_.taken(bytes, now);
        marks_.push_back({meter_.sent(), now});
    }

    void note(const SrtFigures& figures, Time now) {
        const auto carried = figures.carried - std::min(figures.carried, std::exchange(figures_, figures).carried);
        if (figures.measured) leastRtt_.note(std::max(1, static_cast<int>(figures.rtt)), now);
        const auto taken = meter_.sent();
        const auto acknowledged = taken - std::min(taken, figures.unacknowledged);
        while (!marks_.empty() && marks_.front().end <= acknowledged) marks_.pop_front();
        arrived_ = std::max(arrived_, acknowledged);
        if (!figures.measured) return;
        const auto before = now - std::chrono::microseconds(static_cast<std::int64_t>(figures.rtt * 1000));
        auto sent = arrived_;  // a round trip ago
        for (const auto& mark : marks_) {
            if (mark.at > before) break;
            sent = std::max(sent, mark.end);
        }
        arrived_ = repair(now) < latency_ ? sent : std::min(sent, arrived_ + carried);
    }

    std::optional<int> minRtt() const { return leastRtt_.value(); }  ///< ms

    rtmp::LinkStatistics statistics(Time now) {
        rtmp::LinkStatistics out;
        meter_.addTo(out, now);
        out.bytesInFlight = meter_.sent() - arrived_;
        if (figures_.measured) out.rtt = std::max(1, static_cast<int>(figures_.rtt));
        out.minRtt = leastRtt_.value().value_or(0);
        out.oldestUnacknowledged = std::max(oldest(now), threat(now));
        out.oldestTaken = {};
        out.bytesSent -= std::min(out.bytesSent, figures_.leftOut);
        return out;
    }

private:
    struct Mark {
        std::uint64_t end;
        Time at;
    };

    Duration least() const { return Duration(leastRtt_.value().value_or(0)); }

    /// Since the oldest that has not arrived was taken.
    Duration oldest(Time now) const {
        const auto first = std::ranges::find_if(marks_, [this](const Mark& mark) { return mark.end > arrived_; });
        return first == marks_.end() ? Duration(0) : std::chrono::duration_cast<Duration>(now - first->at);
    }

    /// For how long the first hole is open; 0 where there is none.
    Duration repair(Time now) const {
        if (marks_.empty()) return {};
        return std::max(Duration(0), std::chrono::duration_cast<Duration>(now - marks_.front().at) - least());
    }

    /// What a hole is worth in time of waiting: nothing for half of the latency, kLost at its end.
    Duration threat(Time now) const {
        const auto over = 2 * repair(now) - latency_;
        if (over <= Duration(0)) return {};
        return least() + std::min(kLost * over.count() / latency_.count(), 4 * kLost);
    }

    static constexpr Duration kLost{300};

    Duration latency_;
    rtmp::SendMeter meter_;
    std::deque<Mark> marks_;  ///< not acknowledged
    std::uint64_t arrived_ = 0;
    SrtFigures figures_;
    RecentLeast leastRtt_;
};

}  // namespace livepusher::srt
