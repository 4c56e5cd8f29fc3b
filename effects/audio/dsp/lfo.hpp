// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <numbers>

namespace livepusher::effects::dsp {

/// A sine, one sample at a time, by turning a pointer: no call of sin() per sample.
class Lfo {
public:
    /// `turn` 0..1: where in its period it begins.
    Lfo(double rate, double hz, double turn = 0)
        : stepCos_(static_cast<float>(std::cos(kCircle * hz / rate))),
          stepSin_(static_cast<float>(std::sin(kCircle * hz / rate))),
          cos_(static_cast<float>(std::cos(kCircle * turn))),
          sin_(static_cast<float>(std::sin(kCircle * turn))) {}

    float operator()() {
        const float now = sin_;
        // What rounding takes from the pointer's length or adds to it is given back at once.
        const float keep = 1.5F - 0.5F * (cos_ * cos_ + sin_ * sin_);
        const float c = (cos_ * stepCos_ - sin_ * stepSin_) * keep;
        sin_ = (sin_ * stepCos_ + cos_ * stepSin_) * keep;
        cos_ = c;
        return now;
    }

private:
    static constexpr double kCircle = 2 * std::numbers::pi;
    float stepCos_, stepSin_, cos_, sin_;
};

}  // namespace livepusher::effects::dsp
