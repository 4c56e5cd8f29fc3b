// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "effects/audio/dsp/biquad.hpp"
#include "effects/audio/dsp/denormals.hpp"
#include "effects/audio/processor.hpp"

namespace livepusher::effects {

/// Processors one after another; none of them meets denormal numbers.
class Series final : public AudioProcessor {
public:
    void add(std::unique_ptr<AudioProcessor> part) { parts_.push_back(std::move(part)); }
    std::size_t delay() const override {
        std::size_t sum = 0;
        for (const auto& part : parts_) sum += part->delay();
        return sum;
    }
    void process(std::span<float> block) override {
        const dsp::NoDenormals guard;
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

/// Filters one after another, and a gain.
class Tone final : public AudioProcessor {
public:
    Tone(const std::vector<dsp::Biquad>& filters, float gain, const AudioFormat& format)
        : filters_(static_cast<std::size_t>(format.channels), filters), gain_(gain) {}

    std::size_t delay() const override { return 0; }
    void process(std::span<float> block) override {
        for (std::size_t k = 0; k < filters_[0].size(); ++k) {
            if (filters_.size() == 1) {
                auto filter = filters_[0][k];  // copies stay in registers; what is behind a pointer doesn't
                for (auto& sample : block) sample = filter(sample);
                filters_[0][k] = filter;
            } else {
                auto left = filters_[0][k], right = filters_[1][k];
                for (std::size_t i = 0; i + 1 < block.size(); i += 2) {
                    block[i] = left(block[i]);
                    block[i + 1] = right(block[i + 1]);
                }
                filters_[0][k] = left;
                filters_[1][k] = right;
            }
        }
        for (auto& sample : block) sample *= gain_;
    }

private:
    std::vector<std::vector<dsp::Biquad>> filters_;  // of each channel
    float gain_;
};

}  // namespace livepusher::effects
