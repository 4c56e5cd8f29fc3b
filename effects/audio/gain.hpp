// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace livepusher::effects {

/// A gain that glides: a change takes a given time, along a straight line. At rest at 1 samples stay as they are, to the bit.
class Gain {
public:
    explicit Gain(float value) : value_(value), target_(value) {}

    void glideTo(float target, std::size_t frames) {
        if (target == target_) return;
        target_ = target;
        left_ = std::max<std::size_t>(frames, 1);
        step_ = (target_ - value_) / static_cast<float>(left_);
    }
    float value() const { return value_; }
    bool still() const { return left_ == 0; }

    void apply(std::span<float> samples, std::size_t channels) {
        std::size_t i = 0;
        for (; left_ > 0 && i < samples.size(); i += channels) {
            value_ = --left_ == 0 ? target_ : value_ + step_;
            for (auto& sample : samples.subspan(i, channels)) sample *= value_;
        }
        if (value_ == 1) return;
        for (auto& sample : samples.subspan(i)) sample *= value_;
    }

private:
    float value_, target_;
    float step_ = 0;
    std::size_t left_ = 0;  // frames
};

/// How loud a volume of 0..1 is: its square, so that halves sound like halves.
inline float gainOf(double volume) { return static_cast<float>(volume * volume); }

}  // namespace livepusher::effects
