// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <vector>

namespace livepusher::effects::dsp {

/// What one channel was up to `longest` samples ago, also between two samples.
class DelayLine {
public:
    explicit DelayLine(std::size_t longest) : samples_(std::bit_ceil(longest + 4), 0.0F), mask_(samples_.size() - 1) {}

    void push(float in) { samples_[++at_ & mask_] = in; }
    /// 0: what was pushed last.
    float at(std::size_t ago) const { return samples_[(at_ - ago) & mask_]; }
    /// From 1 on; cubic, so that a moving place doesn't dull the sound.
    float at(float ago) const {
        const auto whole = static_cast<std::size_t>(ago);
        const float t = ago - static_cast<float>(whole);
        const float y0 = at(whole - 1), y1 = at(whole), y2 = at(whole + 1), y3 = at(whole + 2);
        const float c1 = 0.5F * (y2 - y0), c2 = y0 - 2.5F * y1 + 2 * y2 - 0.5F * y3, c3 = 0.5F * (y3 - y0) + 1.5F * (y1 - y2);
        return ((c3 * t + c2) * t + c1) * t + y1;
    }

private:
    std::vector<float> samples_;
    std::size_t mask_, at_ = 0;
};

}  // namespace livepusher::effects::dsp
