// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <array>
#include <cstddef>
#include <optional>

namespace livepusher::capture {

/// Plays a live stream in step with its sender: says at which moment each media time is due, so that what comes is there
/// in time and waits no longer than the feed's own unevenness asks for. The sender's clock may run by some percent faster
/// or slower; that is learnt and followed. Pure: moments come by hand. Belongs to one thread.
class LivePace {
public:
    /// How early packets are to come before they are due: decoding and the system's own delays.
    static constexpr Timestamp kMargin{250'000};
    /// What waits longer than this beyond the margin is passed over, not played faster.
    static constexpr Timestamp kCut{1'000'000};
    static constexpr double kMaxDrift = 0.08;       ///< of the sender's clock that is followed
    static constexpr double kMaxCorrection = 0.03;  ///< in addition, to come back to the margin

    /// Begins: `media` is due at `moment`.
    void begin(Timestamp media, Timestamp moment);
    bool begun() const { return begun_; }
    void forget() { begun_ = false; }  ///< until the next begin()

    /// A packet that is due at `media` has come at `arrival`. True: what is due when has changed.
    bool arrived(Timestamp media, Timestamp arrival);
    /// The sender is held back by us (a pipe or a file that could come faster): it has no clock that could be followed.
    void heldBack(Timestamp at);
    /// Never ahead by leaving anything out: for what is perhaps no live stream.
    void keepAll() { keepAll_ = true; }

    Timestamp moment(Timestamp media) const;     ///< when `media` is due
    Timestamp position(Timestamp moment) const;  ///< what is due at `moment`
    /// Media time that passes in a unit of ours: 1 exactly where no drift is known.
    double rate() const { return rate_; }

private:
    struct Point {
        double at = 0;   ///< s, of our clock
        double way = 0;  ///< s: arrival minus media, the longest of a window
    };
    static constexpr std::size_t kPoints = 24;
    static constexpr Timestamp kWindow{500'000};
    static constexpr std::size_t kCutWindows = 6;

    void beginWindow(Timestamp media, Timestamp arrival);
    void endWindow(Timestamp at);
    double slope() const;
    void turnTo(double rate, Timestamp at);
    void jump(Timestamp by);

    bool begun_ = false;
    bool keepAll_ = false;
    bool changed_ = false;
    bool settled_ = false;  ///< the first window, in which what a server kept for us may come at once, is over
    Timestamp anchorMedia_{}, anchorMoment_{};
    double rate_ = 1;
    std::optional<Timestamp> windowBegan_;
    Timestamp leastSlack_{};
    Timestamp longestWay_{};
    std::array<Point, kPoints> points_{};
    std::size_t count_ = 0;   ///< of points since the sender's clock is watched
    std::size_t early_ = 0;   ///< windows in a row in which all came far too early
    Timestamp leastEarly_{};  ///< by how much at least, in those
    std::optional<Timestamp> held_;
};

}  // namespace livepusher::capture
