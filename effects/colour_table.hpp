// SPDX-License-Identifier: MIT
#pragma once

#include "effects/effect.hpp"

#include <memory>

namespace livepusher::effects {

/// whiteness, filter, filterStrength and filterFile in one table, which is made on a thread of its own when one of them
/// changes and put in the old one's place over five frames. What the first frame wants is made at once, so that it has it.
/// With nothing set a frame isn't touched. A file that can't be used is told to the log, once, and left out. `waits`: every
/// frame waits for its table, so that the same frames always look the same.
std::unique_ptr<VideoEffect> makeColourTable(bool waits = false);

}  // namespace livepusher::effects
