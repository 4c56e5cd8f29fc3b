// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <chrono>

namespace livepusher::base {

/// Whose time something goes by that waits: livepusher::now()'s, or in a test one that runs as fast as the machine can
/// follow. [any-thread]
class TimeSource {
public:
    TimeSource() = default;
    /// From the construction on `speed` times as fast as real time, at least 1.
    explicit TimeSource(double speed) : speed_(speed), began_(livepusher::now()) {}

    Timestamp now() const { return at(livepusher::now()); }
    /// What it is at a moment of livepusher::now().
    Timestamp at(Timestamp real) const { return speed_ == 1 ? real : began_ + scaled(real - began_, speed_); }
    /// For a wait: the real moment at which it is then `at`.
    std::chrono::steady_clock::time_point deadline(Timestamp at) const {
        return std::chrono::steady_clock::time_point(speed_ == 1 ? at : began_ + scaled(at - began_, 1 / speed_));
    }

private:
    static Timestamp scaled(Timestamp time, double by) {
        return std::chrono::duration_cast<Timestamp>(std::chrono::duration<double, Timestamp::period>(time) * by);
    }

    double speed_ = 1;
    Timestamp began_{};
};

}  // namespace livepusher::base
