// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace livepusher::srt {

/// Spreads what is handed to libsrt, which sends it at once: a key frame, ten times the others, would overflow the queue of a
/// line that carries the stream well. Pure: time is handed in.
class Pacer {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// As a Config tells it, in kbps. Where less is told than comes, what has come in the last second counts.
    void setRate(int kbps) { told_ = kbps / 8.0; }

    /// When the next bytes may go.
    Time due() const { return due_; }
    void sent(std::size_t bytes, Time now) {
        if (now - since_ >= kWindow) {
            seen_ = static_cast<double>(bytes_) / std::chrono::duration<double, std::milli>(now - since_).count();
            since_ = now;
            bytes_ = 0;
        }
        bytes_ += bytes;
        due_ = std::max(due_, now - time(kAtOnce)) + time(static_cast<double>(bytes));
    }

private:
    Time::duration time(double bytes) const {
        const double rate = std::max(kLeast, kFaster * std::max(told_, seen_));
        return std::chrono::duration_cast<Time::duration>(std::chrono::duration<double, std::milli>(bytes / rate));
    }

    static constexpr std::chrono::seconds kWindow{1};
    static constexpr double kFaster = 3;       // than the stream on average
    static constexpr double kAtOnce = 16'384;  // bytes
    static constexpr double kLeast = 750;      // bytes a millisecond, 6 Mbps: a still picture that moves again must not wait

    double told_ = 0, seen_ = 0;  // bytes a millisecond
    std::size_t bytes_ = 0;
    Time since_{}, due_{};
};

}  // namespace livepusher::srt
