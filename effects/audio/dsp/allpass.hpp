// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace livepusher::effects::dsp {

/// Schroeder's allpass for one channel: makes echoes denser and leaves the spectrum as it is.
class Allpass {
public:
    Allpass(std::size_t samples, float gain) : held_(samples, 0.0F), gain_(gain) {}

    void process(std::span<float> sound) {
        const float gain = gain_;
        while (!sound.empty()) {
            const auto part = std::min(sound.size(), held_.size() - at_);
            float* held = held_.data() + at_;
            for (std::size_t i = 0; i < part; ++i) {
                const float late = held[i], sum = sound[i] + gain * late;
                held[i] = sum;
                sound[i] = late - gain * sum;
            }
            at_ = at_ + part == held_.size() ? 0 : at_ + part;
            sound = sound.subspan(part);
        }
    }

private:
    std::vector<float> held_;
    std::size_t at_ = 0;
    float gain_;
};

}  // namespace livepusher::effects::dsp
