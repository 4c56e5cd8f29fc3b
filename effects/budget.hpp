// SPDX-License-Identifier: MIT
#pragma once

#include "base/time_budget.hpp"
#include "effects/face_shape.hpp"

namespace livepusher::effects {

/// How much the effects may do: half of the time from frame to frame, for the encoder, on the same thread, needs the other
/// half.
///
/// The steps: 1 faces are looked for in every second frame; 2 in every fourth, and skin in every second; 3 no face warp;
/// 4 no skin smoothing. Colours and watermark stay: they are what the stream looks like.
class Budget : public base::TimeBudget {
public:
    static constexpr int kSteps = 4;
    Budget() : TimeBudget({.tooMuch = 0.5, .plenty = 0.2, .steps = kSteps}) {}

    /// What the step means.
    void write(FaceMailbox& mailbox) const {
        constexpr int kTrackEvery[kSteps + 1]{1, 2, 4, 4, 4};
        mailbox.trackEvery = kTrackEvery[step()];
        mailbox.skinEvery = step() >= 2 ? 2 : 1;
        mailbox.warp = step() < 3;
        mailbox.smooth = step() < 4;
    }
};

}  // namespace livepusher::effects
