// SPDX-License-Identifier: MIT
#pragma once

#include "effects/effect.hpp"

#include <memory>

namespace livepusher::effects {

/// The sound pipeline for one rate (a multiple of 100 Hz) and 1 or 2 channels.
std::unique_ptr<AudioChain> makeAudioChain(int sampleRate, int channels);

std::unique_ptr<ClockMatcher> makeClockMatcher(int sampleRate, int channels);

}  // namespace livepusher::effects
