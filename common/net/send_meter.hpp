// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>

#include "net/link_statistics.hpp"

namespace livepusher::rtmp {

/// How much write() lets be under way to the kernel before it waits, in bytes: ¼ s at 2 Mbit/s. More would
/// only hide in here how slow the network is.
inline constexpr std::size_t kUnderWay = 65'536;

/// Accounts for what is between write() and the kernel, and the server's kernel, and how unevenly it gets there. Not
/// locked.
class SendMeter {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// A message of that many wire bytes was handed over.
    void handedOver(std::uint64_t bytes, Time now) {
        handed_ += bytes;
        marks_.push_back({handed_, now});
        unacknowledged_.push_back({handed_, now});
    }

    /// The kernel took so many bytes more. Each message counts when its last byte is gone.
    void taken(std::uint64_t bytes, Time now) {
        sent_ += bytes;
        taken_.push_back({sent_, now});
        while (!marks_.empty() && marks_.front().end <= sent_) {
            const double delay = std::chrono::duration<double, std::milli>(now - marks_.front().at).count();
            if (measured_) jitter_ += (std::abs(delay - delay_) - jitter_) / 16;  // RFC 3550 §6.4.1
            delay_ = delay;
            measured_ = true;
            marks_.pop_front();
        }
    }

    /// Fills in what is known here; `out` has the socket's figures already.
    void addTo(LinkStatistics& out, Time now) {
        out.bytesSent = sent_;
        out.bytesQueued = queued();
        out.jitter = static_cast<int>(std::lround(jitter_));
        const auto acknowledged = out.acknowledged();
        out.oldestUnacknowledged = oldestAfter(acknowledged, unacknowledged_, now);
        out.oldestTaken = oldestAfter(acknowledged, taken_, now);
    }

    std::uint64_t sent() const { return sent_; }
    std::uint64_t queued() const { return handed_ - sent_; }
    double jitter() const { return jitter_; }  ///< ms

private:
    struct Mark {
        std::uint64_t end;
        Time at;  // when it was handed over, or taken
    };
    static std::chrono::milliseconds oldestAfter(std::uint64_t acknowledged, std::deque<Mark>& marks, Time now) {
        while (!marks.empty() && marks.front().end <= acknowledged) marks.pop_front();
        using std::chrono::milliseconds;
        return marks.empty() ? milliseconds(0) : std::chrono::duration_cast<milliseconds>(now - marks.front().at);
    }

    std::uint64_t handed_ = 0, sent_ = 0;
    double delay_ = 0, jitter_ = 0;
    bool measured_ = false;
    std::deque<Mark> marks_;  ///< not yet taken by the kernel
    std::deque<Mark> unacknowledged_;
    std::deque<Mark> taken_;  ///< and not acknowledged
};

}  // namespace livepusher::rtmp
