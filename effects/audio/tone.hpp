// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "effects/audio/dsp/biquad.hpp"
#include "effects/audio/processor.hpp"

namespace livepusher::effects {

/// Filters one after another, and a gain.
class Tone final : public AudioProcessor {
public:
    Tone(const std::vector<dsp::Biquad>& filters, float gain, const AudioFormat& format)
        : filters_(static_cast<std::size_t>(format.channels), filters), gain_(gain) {}

    std::size_t delay() const override { return 0; }
    void process(std::span<float> block) override {
        for (std::size_t k = 0; k < filters_[0].size(); ++k) {
            if (filters_.size() == 1) {
                auto filter = filters_[0][k];  // copies stay in registers; what is behind a pointer doesn't
                for (auto& sample : block) sample = filter(sample);
                filters_[0][k] = filter;
            } else {
                auto left = filters_[0][k], right = filters_[1][k];
                for (std::size_t i = 0; i + 1 < block.size(); i += 2) {
                    block[i] = left(block[i]);
                    block[i + 1] = right(block[i + 1]);
                }
                filters_[0][k] = left;
                filters_[1][k] = right;
            }
        }
        for (auto& sample : block) sample *= gain_;
    }

private:
    std::vector<std::vector<dsp::Biquad>> filters_;  // of each channel
    float gain_;
};

}  // namespace livepusher::effects
