// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>

namespace livepusher::encode {

/// When the next key frame is due: by count, as encoders themselves would, and by time, since where frames are missing
/// the distance between two keys would grow.
class KeyDistance {
public:
    /// The frame of that number is the first. `pace`: frames a second that the count is of.
    void begin(double gop, double pace, std::int64_t number) {
        gop_ = Timestamp(std::llround(gop * 1e6));
        frames_ = std::max<std::int64_t>(1, std::llround(gop * pace));
        time_ = Timestamp(std::llround((gop + 0.5 / pace) * 1e6));
        first_ = number_ = number;
    }
    bool fresh(std::int64_t number) const { return number == first_; }
    bool dueByCount(std::int64_t number) const { return fresh(number) || number - number_ >= frames_; }
    bool due(std::int64_t number, Timestamp pts) const { return dueByCount(number) || pts - pts_ > time_; }
    /// For an encoder that counts by itself, as it was told when it was opened, and makes no key frame when asked to: its count
    /// is of another pace than the one at which frames come. It would be late, or its key frame now much too early.
    bool countIsWrong(std::int64_t number, Timestamp pts) const {
        constexpr Timestamp kJitter = std::chrono::milliseconds(100);  // not worth beginning again
        if (fresh(number)) return false;
        return dueByCount(number) ? pts - pts_ < gop_ * 7 / 10 : pts - pts_ > gop_ + kJitter;
    }
    void made(std::int64_t number, Timestamp pts) {
        number_ = number;
        pts_ = pts;
    }
    std::int64_t frames() const { return frames_; }

private:
    Timestamp gop_{};
    std::int64_t frames_ = 1;
    Timestamp time_{};
    std::int64_t first_ = 0, number_ = 0;  ///< of the first frame, of the last key frame
    Timestamp pts_{};                      ///< of the last key frame
};

}  // namespace livepusher::encode
