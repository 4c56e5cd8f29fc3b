// SPDX-License-Identifier: MIT
#include "effects/budget.hpp"

#include <algorithm>

namespace livepusher::effects {

bool Budget::frame(Time cost, Time frameTime) {
    if (frameTime <= Time::zero()) return false;
    // Smoothed over about eight frames: one slow frame is no overrun.
    const double now = std::min(static_cast<double>(cost.count()) / static_cast<double>(frameTime.count()), 10.0);
    share_ += (now - share_) / 8;
    over_ = share_ > kTooMuch ? over_ + frameTime : Time::zero();
    under_ = share_ < kPlenty ? under_ + frameTime : Time::zero();
    sinceUp_ = std::min(sinceUp_ + frameTime, kMostCaution);
    if (over_ >= kPatience && step_ < kSteps) {
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

void Budget::change(int by) {
    step_ += by;
    over_ = under_ = Time::zero();
}

void Budget::write(FaceBoard& board) const {
    constexpr int kTrackEvery[kSteps + 1]{1, 2, 4, 4, 4};
    board.trackEvery = kTrackEvery[step_];
    board.skinEvery = step_ >= 2 ? 2 : 1;
    board.warp = step_ < 3;
    board.smooth = step_ < 4;
}

}  // namespace livepusher::effects
