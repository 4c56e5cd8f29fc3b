// SPDX-License-Identifier: MIT
#pragma once

#include "effects/face_shape.hpp"

#include <chrono>

namespace livepusher::effects {

/// Decides how much the effects may do, from what they cost: when for a second they take more than half of the time from
/// frame to frame - the encoder, on the same thread, needs the other half - quality goes a step down; when for ten seconds
/// it would leave plenty, a step up. A step up that doesn't hold makes the next one wait longer. Sees only what it is told.
///
/// The steps: 1 faces are looked for in every second frame; 2 in every fourth, and skin in every second; 3 no face warp;
/// 4 no skin smoothing. Colours and watermark stay: they are what the stream looks like.
class Budget {
public:
    using Time = std::chrono::microseconds;
    static constexpr int kSteps = 4;

    /// True when the step changed.
    bool frame(Time cost, Time frameTime);
    int step() const { return step_; }       ///< 0: all .. kSteps
    double share() const { return share_; }  ///< of the time from frame to frame, lately
    void write(FaceBoard& board) const;      ///< what the step means

private:
    static constexpr double kTooMuch = 0.5, kPlenty = 0.2;
    static constexpr Time kPatience{1'000'000}, kCaution{10'000'000}, kMostCaution{160'000'000};

    void change(int by);

    int step_ = 0;
    double share_ = 0;
    Time over_{0}, under_{0};  // for how long it has been too much, plenty
    Time caution_ = kCaution;
    Time sinceUp_ = kMostCaution;
};

}  // namespace livepusher::effects
