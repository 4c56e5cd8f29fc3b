// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace livepusher::encode {

/// When the next key frame is due: by count, as encoders themselves would, and by time, since where frames are missing
/// the distance between two keys would grow.
class KeyDistance {
public:
    void begin(double gop, int fps, std::int64_t number) {  ///< the frame of that number is the first
        frames_ = std::max<std::int64_t>(1, std::llround(gop * fps));
        time_ = Timestamp(std::llround((gop + 0.5 / fps) * 1e6));
        first_ = number_ = number;
    }
    bool fresh(std::int64_t number) const { return number == first_; }
    bool dueByCount(std::int64_t number) const { return fresh(number) || number - number_ >= frames_; }
    bool due(std::int64_t number, Timestamp pts) const { return dueByCount(number) || pts - pts_ > time_; }
    void made(std::int64_t number, Timestamp pts) {
        number_ = number;
        pts_ = pts;
    }
    std::int64_t frames() const { return frames_; }

private:
    std::int64_t frames_ = 1;
    Timestamp time_{};
    std::int64_t first_ = 0, number_ = 0;  ///< of the first frame, of the last key frame
    Timestamp pts_{};                      ///< of the last key frame
};

}  // namespace livepusher::encode
