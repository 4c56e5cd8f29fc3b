// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "effects/audio/processor.hpp"

namespace livepusher::effects {

/// Raises (or lowers) the pitch and keeps the pace, by SoundTouch. What comes out wavers about delay() by a few
/// milliseconds, as it is put together from pieces of the sound.
std::unique_ptr<AudioProcessor> makePitch(double semitones, const AudioFormat& format);

}  // namespace livepusher::effects
