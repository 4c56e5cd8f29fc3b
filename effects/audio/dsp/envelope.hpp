// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>

namespace livepusher::effects::dsp {

/// How loud a channel is just now: quick to rise, slow to fall. Never quite 0, so that one may divide by it.
class Envelope {
public:
    Envelope(double rate, double riseSeconds, double fallSeconds)
        : rise_(static_cast<float>(1 - std::exp(-1 / (rate * riseSeconds)))),
          fall_(static_cast<float>(1 - std::exp(-1 / (rate * fallSeconds)))) {}

    float operator()(float in) {
        const float power = in * in;
        power_ += (power > power_ ? rise_ : fall_) * (power - power_);
        return std::sqrt(power_) + kLeast;
    }

private:
    static constexpr float kLeast = 1e-6F;
    float rise_, fall_, power_ = 0;
};

}  // namespace livepusher::effects::dsp
