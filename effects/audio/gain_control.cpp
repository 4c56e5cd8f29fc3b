// SPDX-License-Identifier: MIT
#include "effects/audio/gain_control.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace livepusher::effects {
namespace {

constexpr int kRate = 16000;  // what the module hears
constexpr std::size_t kStep = kRate / 1000;
constexpr float kCeiling = 0.98F;
constexpr float kFadeSteps = 100;  // ms
// Below this power (-75 dBFS) the module's 16 bits no longer tell its gain: the last one stays.
constexpr double kAudible = 3e-8;
constexpr float kMostGain = 32;  // 30 dB; it never takes more

/// A low-pass of linear phase for every factor-th sample: 5 samples of the lower rate to each side.
std::vector<float> decimator(std::size_t factor) {
    if (factor == 1) return {1.0F};
    const auto half = static_cast<int>(5 * factor);
    std::vector<float> taps;
    double sum = 0;
    for (int i = -half; i <= half; ++i) {
        const double x = std::numbers::pi * i * 0.9 / static_cast<double>(factor);
        const double window = 0.5 + 0.5 * std::cos(std::numbers::pi * i / (half + 1));
        taps.push_back(static_cast<float>(window * (i == 0 ? 1.0 : std::sin(x) / x)));
        sum += taps.back();
    }
    for (auto& tap : taps) tap = static_cast<float>(tap / sum);
    return taps;
}

}  // namespace

GainControl::GainControl(const AudioFormat& format)
    : channels_(static_cast<std::size_t>(format.channels)),
      factor_(static_cast<std::size_t>(format.sampleRate / kRate)),
      step_(static_cast<std::size_t>(format.sampleRate / 1000)),
      filter_(decimator(factor_)),
      delay_(filter_.size() / 2 + step_),
      module_(WebrtcModule::Part::GainControl, kRate),
      aligned_(format, filter_.size() / 2),
      ahead_(format, step_),
      heard_(filter_.size() - 1 + format.blockFrames(), 0.0F),
      before_(kStep * kSteps),
      after_(before_) {
    gains_.fill(1.0F);
}

void GainControl::decimate(std::span<const float> block, std::size_t channel) {
    const auto past = filter_.size() - 1;
    std::copy(heard_.end() - static_cast<std::ptrdiff_t>(past), heard_.end(), heard_.begin());
    for (std::size_t i = past; i < heard_.size(); ++i) heard_[i] = block[(i - past) * channels_ + channel];
    for (std::size_t i = 0; i < before_.size(); ++i) {
        float sum = 0;
        for (std::size_t k = 0; k < filter_.size(); ++k) sum += filter_[k] * heard_[i * factor_ + k];
        before_[i] = sum;
    }
}

void GainControl::listen(std::span<const float> block) {
    for (std::size_t c = 0; c < channels_; ++c) {
        double power = 0;
        for (std::size_t i = c; i < block.size(); i += channels_) power += double{block[i]} * double{block[i]};
        loudness_[c] += 0.05 * (power - loudness_[c]);
    }
    // Twice as loud before it is changed for: no wavering between channels that are about the same.
    if (channels_ == 2 && loudness_[1 - channel_] > 2 * loudness_[channel_]) channel_ = 1 - channel_;
    decimate(block, channel_);

    after_ = before_;
    module_.process(after_);
    gains_[0] = gains_[kSteps];
    for (std::size_t s = 0; s < kSteps; ++s) {
        double power = 0, common = 0;
        for (std::size_t i = s * kStep; i < (s + 1) * kStep; ++i) {
            power += double{before_[i]} * double{before_[i]};
            common += double{before_[i]} * double{after_[i]};
        }
        gains_[s + 1] = power < kAudible * kStep ? gains_[s] : std::clamp(static_cast<float>(common / power), 0.0F, kMostGain);
    }
}

void GainControl::apply(std::span<float> block) {
    const auto size = step_ * channels_;
    const float fade = (on_ ? 1.0F : -1.0F) / kFadeSteps;
    peaks_[0] = peaks_[kSteps];
    for (std::size_t s = 0; s < kSteps; ++s) {
        auto part = block.subspan(s * size, size);
        float peak = 0;
        for (const float sample : part) peak = std::max(peak, std::abs(sample));
        peaks_[s + 1] = peak;
        ahead_.process(part);
        // What is at hand now is the millisecond before. From where it began the gain goes to a point that suits both
        // it and the next one.
        share_ = std::clamp(share_ + fade, 0.0F, 1.0F);
        const float most = kCeiling / std::max({peaks_[s], peaks_[s + 1], 1e-6F});
        const float wanted = std::min(0.5F * (gains_[s] + gains_[s + 1]), most);
        const float next = 1 + share_ * (wanted - 1), rise = (next - point_) / static_cast<float>(step_);
        for (std::size_t i = 0; i < part.size(); ++i) {
            const auto frame = i / channels_ + 1;
            part[i] *= point_ + rise * static_cast<float>(frame);
        }
        point_ = next;
    }
}

void GainControl::process(std::span<float> block) {
    if (!begun_) {
        begun_ = true;
        share_ = on_ ? 1.0F : 0.0F;
    }
    const bool heard = on_ || share_ > 0;
    if (heard) listen(block);
    aligned_.process(block);
    if (heard) {
        apply(block);
    } else {
        peaks_.fill(0.0F);
        ahead_.process(block);
    }
}

}  // namespace livepusher::effects
