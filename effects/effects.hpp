// SPDX-License-Identifier: MIT
#pragma once

#include "effects/effect.hpp"

#include <memory>

namespace livepusher::effects {

/// Every step of the picture pipeline, in its order. What comes out has the target's size, stands
/// upright and has square pixels.
std::unique_ptr<VideoEffect> makeVideoChain();

}  // namespace livepusher::effects
