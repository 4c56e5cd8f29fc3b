// SPDX-License-Identifier: MIT
#include "effects/audio/limiter.hpp"

#include <algorithm>
#include <cmath>

namespace livepusher::effects {
namespace {

constexpr int kLookAhead = 3;  // ms
constexpr double kRecoverySeconds = 0.1;

}  // namespace

Limiter::Limiter(const AudioFormat& format)
    : channels_(static_cast<std::size_t>(format.channels)),
      window_(static_cast<std::size_t>(format.sampleRate * kLookAhead / 1000)),
      recovery_(static_cast<float>(1 - std::exp(-1 / (kRecoverySeconds * format.sampleRate)))),
      delayed_(window_ * channels_, 0.0F),
      smoothed_(window_, 1.0F),
      rising_(window_ + 1),
      sum_(static_cast<double>(window_)) {}

/// The lowest gain of the window that ends with this one.
float Limiter::lowest(float gain) {
    const auto size = rising_.size();
    while (count_ > 0 && rising_[(first_ + count_ - 1) % size].value >= gain) --count_;
    rising_[(first_ + count_++) % size] = {frame_, gain};
    if (rising_[first_].at + window_ < frame_) {
        first_ = (first_ + 1) % size;
        --count_;
    }
    return rising_[first_].value;
}

/// The mean over the window: a gain that all of it asks for is reached when the peak comes out, without a corner.
float Limiter::smooth(float gain) {
    auto& place = smoothed_[frame_ % window_];
    turned_ += static_cast<std::size_t>(gain < 1) - static_cast<std::size_t>(place < 1);
    sum_ += static_cast<double>(gain) - static_cast<double>(place);
    place = gain;
    if (turned_ > 0) return static_cast<float>(sum_ / static_cast<double>(window_));
    sum_ = static_cast<double>(window_);  // rounding does not add up
    return 1;
}

void Limiter::process(std::span<float> samples, float ceiling) {
    for (std::size_t i = 0; i < samples.size(); i += channels_, ++frame_) {
        float peak = 0;
        for (auto& sample : samples.subspan(i, channels_)) {
            if (!std::isfinite(sample)) sample = 0;
            peak = std::max(peak, std::abs(sample));
        }
        const float wanted = lowest(peak > ceiling ? ceiling / peak : 1.0F);
        held_ = wanted < held_ ? wanted : std::min(wanted, held_ + (1 - held_) * recovery_ + 1e-7F);
        const float gain = smooth(held_);
        auto* old = delayed_.data() + (frame_ % window_) * channels_;
        for (std::size_t c = 0; c < channels_; ++c) {
            const float out = old[c];
            old[c] = samples[i + c];
            samples[i + c] = gain == 1 ? out : std::clamp(out * gain, -1.0F, 1.0F);
        }
    }
}

}  // namespace livepusher::effects
