// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <chrono>
#include <deque>

namespace livepusher::encode {

/// How many frames a second come, from the times of the last ones: what a pause or a dark room makes of `fps`.
class FramePace {
public:
    void clear() { times_.clear(); }
    void add(Timestamp pts) {
        times_.push_back(pts);
        while (times_.size() > kFewest && pts - times_.front() > kWindow) times_.pop_front();
    }
    /// Frames a second; `otherwise` as long as there are too few to tell.
    double perSecond(double otherwise) const {
        if (times_.size() < kFewest || times_.back() <= times_.front()) return otherwise;
        return static_cast<double>(times_.size() - 1) / std::chrono::duration<double>(times_.back() - times_.front()).count();
    }

private:
    static constexpr std::size_t kFewest = 4;
    static constexpr Timestamp kWindow = std::chrono::milliseconds(500);

    std::deque<Timestamp> times_;
};

}  // namespace livepusher::encode
