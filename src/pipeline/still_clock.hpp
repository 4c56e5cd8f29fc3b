// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace livepusher::pipeline {

/// Pace of a picture that stands still (pause, camera off, a source that gives nothing): the contract's 5 fps.
inline constexpr std::chrono::milliseconds kStillInterval{200};

/// A live source that is silent for so long has its last picture repeated. Pictures that come once a second are no stall,
/// though some milliseconds late.
inline constexpr std::chrono::milliseconds kStallAfter{1050};

}  // namespace livepusher::pipeline
