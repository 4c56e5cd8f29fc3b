// SPDX-License-Identifier: MIT
#include "effects/budget.hpp"

namespace livepusher::effects {

void Budget::write(FaceMailbox& mailbox) const {
    constexpr int kTrackEvery[kSteps + 1]{1, 2, 4, 4, 4};
    mailbox.trackEvery = kTrackEvery[step()];
    mailbox.skinEvery = step() >= 2 ? 2 : 1;
    mailbox.warp = step() < 3;
    mailbox.smooth = step() < 4;
}

}  // namespace livepusher::effects
