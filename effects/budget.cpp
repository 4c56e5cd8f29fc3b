// SPDX-License-Identifier: MIT
#include "effects/budget.hpp"

namespace livepusher::effects {

void Budget::write(FaceBoard& board) const {
    constexpr int kTrackEvery[kSteps + 1]{1, 2, 4, 4, 4};
    board.trackEvery = kTrackEvery[step()];
    board.skinEvery = step() >= 2 ? 2 : 1;
    board.warp = step() < 3;
    board.smooth = step() < 4;
}

}  // namespace livepusher::effects
