// SPDX-License-Identifier: MIT
#include "pipeline/drift.hpp"

#include <algorithm>
#include <cmath>

namespace livepusher::pipeline {

double DriftController::follow(Timestamp offset, Timestamp length) {
    if (offset.count() > kJump || offset.count() < -kJump) {
        restart();
        return ppm_;
    }
    const auto passed = static_cast<double>(length.count());
    if (inWindow_ < window_.size()) window_[inWindow_++] = static_cast<std::int32_t>(offset.count());
    windowLength_ += passed;
    time_ += passed;
    corrected_ += ppm_ * passed / 1e6;
    if (windowLength_ >= kWindow) endWindow();
    const auto step = kSlew * passed / 1e6;
    ppm_ = std::clamp(target_, ppm_ - step, ppm_ + step);
    return ppm_;
}

void DriftController::restart() {
    inWindow_ = count_ = 0;
    windowLength_ = corrected_ = beyond_ = 0;
    target_ = engaged_ ? drift_ : 0;
}

void DriftController::endWindow() {
    const auto middle = window_.begin() + static_cast<std::ptrdiff_t>(inWindow_ / 2);
    std::nth_element(window_.begin(), middle, window_.begin() + static_cast<std::ptrdiff_t>(inWindow_));
    const double median = *middle;
    points_[count_++ % kWindows] = {time_ - windowLength_ / 2, median + corrected_ - ppm_ * windowLength_ / 2e6};
    inWindow_ = 0;
    windowLength_ = 0;
    if (!engaged_) {
        // One window may lie: two that agree don't.
        const bool beyond = std::abs(median) > static_cast<double>(kDeadBand);
        engaged_ = beyond && beyond_ * median > 0;
        beyond_ = beyond ? median : 0;
    }
    if (engaged_) fit();
}

void DriftController::fit() {
    const auto used = std::min(count_, kWindows);
    double at = 0, value = 0;
    for (std::size_t n = 0; n < used; ++n) at += points_[n].at, value += points_[n].value;
    at /= static_cast<double>(used);
    value /= static_cast<double>(used);
    double spread = 0, rise = 0;  // the rise beyond what was known of the drift, which a short line hardly changes
    for (std::size_t n = 0; n < used; ++n) {
        const auto dt = points_[n].at - at;
        spread += dt * dt;
        rise += dt * (points_[n].value - value - drift_ / 1e6 * dt);
    }
    drift_ = std::clamp(drift_ + rise / (spread + kDoubt) * 1e6, -kMaxPpm, kMaxPpm);
    const double offset = value + drift_ / 1e6 * (time_ - at) - corrected_;
    target_ = std::clamp(drift_ + offset / kReturn * 1e6, -kMaxPpm, kMaxPpm);
    if (used < kEnough || std::abs(offset) > kCalm || std::abs(drift_) > kCalmDrift) return;
    engaged_ = false;
    target_ = beyond_ = 0;
}

}  // namespace livepusher::pipeline
