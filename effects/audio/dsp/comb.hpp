// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

namespace livepusher::effects::dsp {

/// A comb with feedback for one channel; each turn loses treble by `damp` (0: none, below 1).
class Comb {
public:
    Comb(std::size_t samples, float feedback, float damp) : held_(samples, 0.0F), feedback_(feedback), damp_(damp) {}

    /// What comes round: the sound itself isn't in it.
    float late(float in) {
        const float out = held_[at_];
        turn(in, out);
        return out;
    }
    /// The sound and all that comes round after it.
    float ringing(float in) { return turn(in, held_[at_]); }

private:
    float turn(float in, float out) {
        store_ = (1 - damp_) * out + damp_ * store_;
        const float sum = in + feedback_ * store_;
        held_[at_] = sum;
        if (++at_ == held_.size()) at_ = 0;
        return sum;
    }

    std::vector<float> held_;
    std::size_t at_ = 0;
    float feedback_, damp_, store_ = 0;
};

}  // namespace livepusher::effects::dsp
