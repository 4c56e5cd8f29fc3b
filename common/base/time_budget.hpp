// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace livepusher::base {

/// Decides how much work each frame may take, from what it takes: a step down when for a second it is too much of the
/// time from frame to frame; a step up when for ten seconds there was plenty. A step up that doesn't hold makes the next
/// one wait longer. Sees only what it is told; belongs to one thread.
class TimeBudget {
public:
    using Time = std::chrono::microseconds;
    struct Limits {
        double tooMuch;  ///< share of the time from frame to frame, 0..1
        double plenty;   ///< below it there would be room for more
        int steps;       ///< that can be gone down
    };
    explicit TimeBudget(Limits limits) : limits_(limits) {}

    /// True when the step changed.
    bool frame(Time cost, Time frameTime);
    int step() const { return step_; }       ///< 0: all .. Limits::steps
    double share() const { return share_; }  ///< of the time from frame to frame, lately
    /// At the last step, and yet for a second too much.
    bool exhausted() const { return step_ == limits_.steps && over_ >= kPatience; }

private:
    static constexpr Time kPatience{1'000'000}, kCaution{10'000'000}, kMostCaution{160'000'000};

    void change(int by);

    Limits limits_;
    int step_ = 0;
    double share_ = 0;
    Time over_{0}, under_{0};  // for how long it has been too much, plenty
    Time caution_ = kCaution;
    Time sinceUp_ = kMostCaution;
};

}  // namespace livepusher::base
