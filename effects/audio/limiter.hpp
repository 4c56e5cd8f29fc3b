// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "effects/audio/processor.hpp"

namespace livepusher::effects {

/// Keeps every sample within a ceiling: looks 3 ms ahead and turns down smoothly, all channels together. What is
/// within comes out as it went in, to the bit. Samples that are no numbers come out as silence.
class Limiter {
public:
    explicit Limiter(const AudioFormat& format);
    std::size_t delay() const { return window_; }  ///< frames
    /// Whole frames, in place; `ceiling` is for those that go in.
    void process(std::span<float> samples, float ceiling);

private:
    struct Gain {
        std::size_t at;  ///< frame
        float value;
    };
    float lowest(float gain);
    float smooth(float gain);

    const std::size_t channels_;
    const std::size_t window_;  // frames
    const float recovery_;      // of what is missing to 1, a frame
    std::vector<float> delayed_;
    std::vector<float> smoothed_;
    std::vector<Gain> rising_;  // ring: gains of the window that no later one undercuts
    std::size_t first_ = 0, count_ = 0;
    std::size_t frame_ = 0;
    std::size_t turned_ = 0;  // gains of the window below 1
    double sum_ = 0;
    float held_ = 1;
};

}  // namespace livepusher::effects
