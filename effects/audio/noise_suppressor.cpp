// SPDX-License-Identifier: MIT
#include "effects/audio/noise_suppressor.hpp"

#include <algorithm>

namespace livepusher::effects {
namespace {

constexpr int kWarmUp = 3;  // blocks until nothing of an earlier time comes out of the modules
constexpr float kFadeBlocks = 2.0F;

}  // namespace

NoiseSuppressor::NoiseSuppressor(const AudioFormat& format)
    : channels_(static_cast<std::size_t>(format.channels)),
      delay_(static_cast<std::size_t>(WebrtcModule::noiseSuppressionDelay(format.sampleRate))),
      middleModule_(WebrtcModule::Part::NoiseSuppression, format.sampleRate),
      dry_(format, delay_),
      middle_(format.blockFrames()),
      side_(channels_ == 2 ? format.blockFrames() : 0) {
    if (channels_ == 2) sideModule_ = std::make_unique<WebrtcModule>(WebrtcModule::Part::NoiseSuppression, format.sampleRate);
}

bool NoiseSuppressor::sideIsSilent() {
    const bool silent = std::all_of(side_.begin(), side_.end(), [](float sample) { return sample == 0; });
    sideSilent_ = silent ? std::min(sideSilent_ + 1, kWarmUp + 1) : 0;
    return sideSilent_ > kWarmUp;  // and so is all that its module still held
}

void NoiseSuppressor::suppress(std::span<const float> block) {
    if (channels_ == 1) {
        std::copy(block.begin(), block.end(), middle_.begin());
    } else {
        for (std::size_t i = 0; i < middle_.size(); ++i) {
            middle_[i] = 0.5F * (block[2 * i] + block[2 * i + 1]);
            side_[i] = 0.5F * (block[2 * i] - block[2 * i + 1]);
        }
        if (!sideIsSilent()) sideModule_->process(side_);
    }
    middleModule_.process(middle_);
}

void NoiseSuppressor::mix(std::span<float> block) {
    const float step = (on_ ? 1.0F : -1.0F) / (kFadeBlocks * static_cast<float>(middle_.size()));
    for (std::size_t i = 0; i < middle_.size(); ++i) {
        share_ = std::clamp(share_ + step, 0.0F, 1.0F);
        for (std::size_t c = 0; c < channels_; ++c) {
            auto& sample = block[i * channels_ + c];
            const float clean = channels_ == 1 ? middle_[i] : middle_[i] + (c == 0 ? side_[i] : -side_[i]);
            sample += share_ * (clean - sample);
        }
    }
}

void NoiseSuppressor::process(std::span<float> block) {
    if (!begun_) {
        begun_ = true;
        share_ = on_ ? 1.0F : 0.0F;
        warm_ = on_ ? kWarmUp : 0;
    }
    const bool heard = on_ || share_ > 0;
    if (heard) suppress(block);
    dry_.process(block);
    if (heard && warm_ >= kWarmUp) mix(block);
    warm_ = !on_ && share_ == 0 ? 0 : std::min(warm_ + 1, kWarmUp);
}

}  // namespace livepusher::effects
