// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <deque>

namespace livepusher::playback {

/// Whether media comes faster than it plays, as what a server has kept does. Pure: moments come in. Belongs to one thread.
class BurstWatch {
public:
    static constexpr Timestamp kWindow{100'000};

    /// `newest`: how far media reaches now.
    void packet(Timestamp newest, Timestamp arrival) {
        if (!points_.empty() && arrival - points_.back().at < kNear)
            points_.back().newest = newest;
        else
            points_.push_back({arrival, newest});
        while (points_.size() > 2 && points_[1].at <= arrival - kWindow) points_.pop_front();
    }

    /// More than 1.5 × the time has come in the last 100 ms; also while less than that has passed since the first packet.
    bool bursting(Timestamp now) const {
        if (points_.empty()) return true;
        const auto from = now - kWindow;
        if (points_.front().at > from) return true;
        auto before = points_.front().newest;
        for (const auto& point : points_)
            if (point.at <= from) before = point.newest;
        return points_.back().newest - before > kWindow * 3 / 2;
    }
    void restart() { points_.clear(); }

private:
    static constexpr Timestamp kNear{1'000};

    struct Point {
        Timestamp at{}, newest{};
    };
    std::deque<Point> points_;
};

}  // namespace livepusher::playback
