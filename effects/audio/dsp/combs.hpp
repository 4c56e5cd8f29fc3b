// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
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
