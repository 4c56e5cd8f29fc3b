// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <deque>
#include <optional>

namespace livepusher::playback {

/// Tells when media comes too unevenly or too slowly to go on like that: with a lateness of over 0.8 of the delay that is
/// aimed at, or under 0.9 s a second for 3 s. Pure: moments come in.
class UnevenWatch {
public:
    static constexpr Timestamp kApart{5'000'000};  ///< between two times of telling
    static constexpr Timestamp kCalm{3'000'000};   ///< without either, and the episode is over
    static constexpr Timestamp kSlow{3'000'000};

    /// Ten times a second while it plays. `lateness`: of what comes next, at least; `newest`: how far media reaches. True at the
    /// moment that it has to be told.
    bool tick(Timestamp now, Timestamp lateness, Timestamp target, Timestamp newest) {
        const bool late = lateness * 10 > target * 8;
        const bool bad = late || slow(now, newest);
        if (bad) badAt_ = now;
        if (!bad && badAt_ && now - *badAt_ >= kCalm) badAt_.reset();
        if (!bad || (toldAt_ && now - *toldAt_ < kApart)) return false;
        toldAt_ = now;
        return true;
    }
    /// It is so now, or was within the last 3 s.
    bool is() const { return badAt_.has_value(); }
    /// What was seen until now says nothing of what comes.
    void restart() {
        points_.clear();
        badAt_.reset();
    }

private:
    struct Point {
        Timestamp at{}, newest{};
    };

    bool slow(Timestamp now, Timestamp newest) {
        points_.push_back({now, newest});
        while (points_.size() > 1 && points_[1].at <= now - kSlow) points_.pop_front();
        const auto& first = points_.front();
        const auto passed = now - first.at;
        return passed >= kSlow && (newest - first.newest) * 10 < passed * 9;
    }

    std::deque<Point> points_;
    std::optional<Timestamp> badAt_, toldAt_;
};

}  // namespace livepusher::playback
