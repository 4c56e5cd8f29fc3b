// SPDX-License-Identifier: MIT
#include "base/time_budget.hpp"

#include <algorithm>

namespace livepusher::base {

bool TimeBudget::frame(Time cost, Time frameTime) {
    if (frameTime <= Time::zero()) return false;
    // Smoothed over about eight frames: one slow frame is no overrun.
    const double now = std::min(static_cast<double>(cost.count()) / static_cast<double>(frameTime.count()), 10.0);
    share_ += (now - share_) / 8;
    over_ = share_ > limits_.tooMuch ? over_ + frameTime : Time::zero();
    under_ = share_ < limits_.plenty ? under_ + frameTime : Time::zero();
    sinceUp_ = std::min(sinceUp_ + frameTime, kMostCaution);
    if (over_ >= kPatience && step_ < limits_.steps) {
        if (sinceUp_ < kCaution) caution_ = std::min(2 * caution_, kMostCaution);  // the last step up was too early
        change(1);
        return true;
    }
    if (under_ >= caution_ && step_ > 0) {
        change(-1);
        sinceUp_ = Time::zero();
        return true;
    }
    if (step_ == 0 && sinceUp_ == kMostCaution) caution_ = kCaution;
    return false;
}

void TimeBudget::change(int by) {
    step_ += by;
    over_ = under_ = Time::zero();
}

}  // namespace livepusher::base
