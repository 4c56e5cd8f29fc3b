// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace livepusher::effects::dsp {

/// Eight combs with feedback beside each other for one channel, each turn losing treble by `damp`; in step, as a
/// processor does eight things that wait for themselves in the time of one.
class Combs {
public:
    static constexpr std::size_t kCount = 8;

    struct Lane {
        std::size_t samples;
        float feedback;
    };

    Combs(const std::array<Lane, kCount>& lanes, float damp);

    /// Adds what comes round in them: the sound itself isn't in it. Every other one counts negative, as with one sign
    /// their slowest waves would add up.
    void add(std::span<const float> in, std::span<float> out, float gain);

private:
    std::array<std::vector<float>, kCount> held_;
    std::array<std::size_t, kCount> at_{};
    std::array<float, kCount> feedback_, store_{};
    float damp_;
};

}  // namespace livepusher::effects::dsp
