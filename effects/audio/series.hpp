// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "effects/audio/processor.hpp"

namespace livepusher::effects {

/// Processors one after another.
class Series final : public AudioProcessor {
public:
    void add(std::unique_ptr<AudioProcessor> part) { parts_.push_back(std::move(part)); }
    std::size_t delay() const override {
        std::size_t sum = 0;
        for (const auto& part : parts_) sum += part->delay();
        return sum;
    }
    void process(std::span<float> block) override {
        for (const auto& part : parts_) part->process(block);
    }

private:
    std::vector<std::unique_ptr<AudioProcessor>> parts_;
};

/// A function of one sample of one channel, with its state, for each channel on its own.
template <typename Effect>
class EachChannel final : public AudioProcessor {
public:
    explicit EachChannel(std::vector<Effect> effects, std::size_t delay = 0) : effects_(std::move(effects)), delay_(delay) {}
    std::size_t delay() const override { return delay_; }
    void process(std::span<float> block) override {
        for (std::size_t c = 0; c < effects_.size(); ++c) {
            auto& effect = effects_[c];
            for (std::size_t i = c; i < block.size(); i += effects_.size()) block[i] = effect(block[i]);
        }
    }

private:
    std::vector<Effect> effects_;
    std::size_t delay_;
};

template <typename Effect>
std::unique_ptr<AudioProcessor> eachChannel(const AudioFormat& format, const Effect& effect, std::size_t delay = 0) {
    return std::make_unique<EachChannel<Effect>>(std::vector<Effect>(static_cast<std::size_t>(format.channels), effect), delay);
}

}  // namespace livepusher::effects
