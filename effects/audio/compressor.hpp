// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>

#include "effects/audio/dsp/envelope.hpp"

namespace livepusher::effects {

/// Makes what is quiet louder, in proportion to the root of its distance to `level`: half the dynamics, for one channel.
struct Compressor {
    dsp::Envelope envelope;
    float level = 0.1F;  ///< what stays as it is: -20 dBFS, as a voice is spoken
    float most = 2;      ///< the most that it is raised by: pauses are left in peace

    float operator()(float in) {
        const float gain = std::sqrt(level / envelope(in));
        return in * (gain < most ? gain : most);
    }
};

}  // namespace livepusher::effects
