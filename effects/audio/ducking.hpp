// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace livepusher::effects {

/// Decides how far music steps back while someone speaks. Pure: told the microphone's level for each piece of sound.
class Ducking {
public:
    static constexpr float kBack = 0.25F;        ///< the music's gain meanwhile: 12 dB less
    static constexpr double kSpeech = -40;       ///< dBFS, from here on it is speech
    static constexpr double kHoldSeconds = 0.4;  ///< pauses between words

    /// The gain to glide to.
    float follow(bool on, double level, double seconds) {
        silence_ = level >= kSpeech ? 0 : silence_ + seconds;
        return on && silence_ < kHoldSeconds ? kBack : 1.0F;
    }

private:
    double silence_ = kHoldSeconds;
};

}  // namespace livepusher::effects
