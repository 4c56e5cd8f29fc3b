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

    /// Of the stream, in kbps; 0: not known, and nothing is spread.
    void setRate(int kbps) { bytesPerMillisecond_ = kFaster * kbps / 8.0; }

    /// When the next bytes may go.
    Time due() const { return due_; }
    void sent(std::size_t bytes, Time now) {
        if (bytesPerMillisecond_ <= 0) return;
        due_ = std::max(due_, now - time(kAtOnce)) + time(static_cast<double>(bytes));
    }

private:
    Time::duration time(double bytes) const {
        return std::chrono::duration_cast<Time::duration>(
            std::chrono::duration<double, std::milli>(bytes / bytesPerMillisecond_));
    }

    static constexpr double kFaster = 3;       // than the stream on average
    static constexpr double kAtOnce = 16'384;  // bytes

    double bytesPerMillisecond_ = 0;
    Time due_{};
};

}  // namespace livepusher::srt
