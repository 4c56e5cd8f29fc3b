// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "effects/audio/processor.hpp"

namespace livepusher::effects {

/// The reverb of `audioReverbType` 1..7; null for another number. Its delay is 0: the sound itself isn't held back.
std::unique_ptr<AudioProcessor> makeReverb(int audioReverbType, const AudioFormat& format);

}  // namespace livepusher::effects
