// SPDX-License-Identifier: MIT
#pragma once

#include "effects/effect.hpp"
#include "media/audio_format.hpp"

#include <memory>

namespace livepusher::effects {

/// The sound pipeline for one rate (a multiple of 100 Hz) and 1 or 2 channels.
std::unique_ptr<AudioChain> makeAudioChain(base::AudioFormat format);

std::unique_ptr<ClockMatcher> makeClockMatcher(base::AudioFormat format);

}  // namespace livepusher::effects
