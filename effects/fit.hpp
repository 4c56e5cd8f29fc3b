// SPDX-License-Identifier: MIT
#pragma once

#include "effects/effect.hpp"

#include <memory>

namespace livepusher::effects {

/// Turns a frame upright and gives it the pushed size: rotation, mirror, pixel aspect, crop or black
/// bars (videoFit), scale, then remoteMirror. A frame that is right already is left as it is, not
/// even copied.
std::unique_ptr<VideoEffect> makeFit();

}  // namespace livepusher::effects
