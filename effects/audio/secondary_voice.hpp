// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "effects/audio/dsp/block_delay.hpp"
#include "effects/audio/processor.hpp"

namespace livepusher::effects {

/// The sound itself, and another processor's version of it behind, in step with it.
class SecondaryVoice final : public AudioProcessor {
public:
    SecondaryVoice(std::unique_ptr<AudioProcessor> other, float share, const AudioFormat& format)
        : other_(std::move(other)), share_(share), line_(format, other_->delay()), copy_(format.blockSamples()) {}

    std::size_t delay() const override { return other_->delay(); }
    void process(std::span<float> block) override {
        std::copy(block.begin(), block.end(), copy_.begin());
        other_->process(copy_);
        line_.process(block);
        for (std::size_t i = 0; i < block.size(); ++i) block[i] += share_ * copy_[i];
    }

private:
    std::unique_ptr<AudioProcessor> other_;
    float share_;
    dsp::BlockDelay line_;
    std::vector<float> copy_;
};

}  // namespace livepusher::effects
