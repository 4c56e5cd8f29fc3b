// SPDX-License-Identifier: MIT
#include "effects/audio/switched.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <deque>
#include <numbers>
#include <random>

namespace livepusher::effects {
namespace {

/// Delays by some frames and multiplies.
class Delayed final : public AudioProcessor {
public:
    Delayed(const AudioFormat& format, std::size_t frames, float gain)
        : frames_(frames), gain_(gain), held_(frames * static_cast<std::size_t>(format.channels), 0.0F) {}
    std::size_t delay() const override { return frames_; }
    void process(std::span<float> block) override {
        for (auto& sample : block) {
            held_.push_back(sample * gain_);
            sample = held_.front();
            held_.pop_front();
        }
    }

private:
    const std::size_t frames_;
    const float gain_;
    std::deque<float> held_;
};

class SwitchedTest : public ::testing::Test {
protected:
    /// Blocks of a slow tone, whose step from sample to sample is known.
    std::vector<float> tone(std::size_t blocks) {
        std::vector<float> samples;
        for (std::size_t i = 0; i < blocks * format.blockFrames(); ++i, ++frame)
            for (int c = 0; c < format.channels; ++c)
                samples.push_back(static_cast<float>(std::sin(2 * std::numbers::pi * 220 * static_cast<double>(frame) / 48000)));
        in.insert(in.end(), samples.begin(), samples.end());
        return samples;
    }
    void run(std::size_t blocks) {
        const auto samples = tone(blocks);
        for (std::size_t i = 0; i < blocks; ++i)
            place.process(std::span(samples).subspan(i * format.blockSamples(), format.blockSamples()), out);
    }
    float steepest() const {
        float steepest = 0;
        for (std::size_t i = 2; i < out.size(); ++i) steepest = std::max(steepest, std::abs(out[i] - out[i - 2]));
        return steepest;
    }
    static constexpr float kOwnStep = 2 * 3.15F * 220 / 48000;

    const AudioFormat format{48000, 2};
    Switched place{format};
    std::vector<float> in, out;
    std::size_t frame = 0;
};

}  // namespace

TEST_F(SwitchedTest, WithNothingAtWorkSamplesComeOutAtOnceAsTheyWentIn) {
    run(50);
    EXPECT_EQ(out, in);
    EXPECT_TRUE(place.idle());
    EXPECT_EQ(place.delay(), 0U);
}

TEST_F(SwitchedTest, WhatIsSwitchedOnIsAlignedAndNeverClicks) {
    run(40);
    place.select(std::make_unique<Delayed>(format, 1234, 1.0F));
    run(40);
    EXPECT_FALSE(place.changing());
    EXPECT_GE(place.delay(), 1234U);
    EXPECT_EQ(out.size() + 2 * place.delay(), in.size());
    for (std::size_t i = 0; i < out.size(); ++i) ASSERT_NEAR(out[i], in[i], 1e-6) << "a delay of its own doesn't move the sound";
    place.select(nullptr);
    run(40);
    EXPECT_TRUE(place.idle());
    ASSERT_EQ(out.size(), in.size()) << "the track is as long as before";
    for (std::size_t i = 0; i < out.size(); ++i) ASSERT_NEAR(out[i], in[i], 1e-6);
    run(2);
    EXPECT_EQ(out.back(), in.back()) << "to the bit again";
}

TEST_F(SwitchedTest, AnExchangeGlidesFromOneToTheOther) {
    run(30);
    place.select(std::make_unique<Delayed>(format, 337, 0.5F));
    run(30);
    place.select(std::make_unique<Delayed>(format, 960, 0.25F));
    EXPECT_TRUE(place.changing());
    run(30);
    EXPECT_FALSE(place.changing());
    EXPECT_NEAR(out[out.size() - 1], 0.25F * in[out.size() - 1], 1e-6);
    EXPECT_LT(steepest(), kOwnStep * 1.05F);
}

TEST_F(SwitchedTest, AtTheStreamsBeginningToo) {
    place.select(std::make_unique<Delayed>(format, 1500, 1.0F));
    run(1);
    place.select(std::make_unique<Delayed>(format, 1500, 1.0F));
    run(40);
    for (std::size_t i = 0; i < out.size(); ++i) ASSERT_NEAR(out[i], in[i], 1e-6);
    EXPECT_EQ(out.size() + 2 * place.delay(), in.size());
}

TEST_F(SwitchedTest, SwitchedAtRandomForAMinuteItKeepsLengthOrderAndSmoothness) {
    std::mt19937 random(7);
    for (int i = 0; i < 1000; ++i) {
        run(1 + random() % 9);
        if (place.changing()) continue;
        if (random() % 3 == 0)
            place.select(nullptr);
        else
            place.select(std::make_unique<Delayed>(format, random() % 2000, 1.0F));
        ASSERT_EQ(out.size() + 2 * place.delay(), in.size());
    }
    run(20);
    for (std::size_t i = 0; i < out.size(); ++i) ASSERT_NEAR(out[i], in[i], 1e-5);
    EXPECT_LT(steepest(), kOwnStep * 1.05F);
}

TEST_F(SwitchedTest, WhatWentPastIsKnownToWhatIsSwitchedOn) {
    const auto samples = tone(3);
    for (std::size_t at = 0; at < samples.size(); at += 202) {
        const auto part = std::span(samples).subspan(at, std::min<std::size_t>(202, samples.size() - at));
        place.note(part);
        out.insert(out.end(), part.begin(), part.end());
    }
    place.select(std::make_unique<Delayed>(format, 100, 1.0F));
    run(10);
    for (std::size_t i = 0; i < out.size(); ++i) ASSERT_NEAR(out[i], in[i], 1e-6);
}

}  // namespace livepusher::effects
