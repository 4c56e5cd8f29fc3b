// SPDX-License-Identifier: MIT
#pragma once

#include "base/attempt.hpp"
#include "pipeline/lane_observer.hpp"

namespace livepusher::pipeline {

/// What a lane's thread does: `run`. Where that throws, for want of memory, `closeSource`, and the observer is told: a lane
/// that is dead says so.
template <typename Run, typename CloseSource>
void runLane(Run run, CloseSource closeSource, LaneObserver& observer) {
    const auto ran = base::attempt(run);
    if (ran) return;
    (void)base::attempt(closeSource);  // the first error is the one to tell
    observer.encoderFailed(ran.error());
}

}  // namespace livepusher::pipeline
