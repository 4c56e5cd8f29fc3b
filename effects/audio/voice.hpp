// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "effects/audio/processor.hpp"

namespace livepusher::effects {

/// The voice of `voiceChangerType` 1..4 and 6..11; null for another number.
std::unique_ptr<AudioProcessor> makeVoice(int voiceChangerType, const AudioFormat& format);

}  // namespace livepusher::effects
