// SPDX-License-Identifier: MIT
#pragma once

#include "base/attempt.hpp"

namespace livepusher::pipeline {

/// What a lane's thread does: `run`. Where that throws, for want of memory, `closeSource`, and `fail` with the error: a lane
/// that is dead says so.
template <typename Run, typename CloseSource, typename Fail>
void runLane(Run run, CloseSource closeSource, const Fail& fail) {
    const auto ran = base::attempt(run);
    if (ran) return;
    (void)base::attempt(closeSource);  // the first error is the one to tell
    fail(ran.error());
}

}  // namespace livepusher::pipeline
