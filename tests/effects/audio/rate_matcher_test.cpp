// SPDX-License-Identifier: MIT
#include "effects/audio/rate_matcher.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <numbers>
#include <random>

#include "allocations.hpp"

namespace livepusher::effects {
namespace {

constexpr double kTone = 2 * std::numbers::pi * 997 / 48000;  // radians a sample
constexpr double kLevel = 0.8;

std::vector<float> tone(std::size_t from, std::size_t frames) {
    std::vector<float> samples;
    for (std::size_t n = from; n < from + frames; ++n) {
        samples.push_back(static_cast<float>(kLevel * std::sin(kTone * static_cast<double>(n))));
        samples.push_back(static_cast<float>(kLevel * std::cos(kTone * static_cast<double>(n))));
    }
    return samples;
}

/// The largest second difference: a click shows there long before it shows as a step.
double bend(const std::vector<float>& samples) {
    double most = 0;
    // Not at the beginning: from nothing to a tone is a step of its own.
    for (std::size_t n = 200; n < samples.size(); ++n)
        most = std::max(most, std::abs(static_cast<double>(samples[n]) - 2 * static_cast<double>(samples[n - 2]) +
                                       static_cast<double>(samples[n - 4])));
    return most;
}

constexpr double kOwnBend = kLevel * kTone * kTone;

TEST(RateMatcher, PassesEverythingOnToTheBitWhileNothingIsCorrected) {
    RateMatcher matcher({});
    std::vector<float> out, in;
    std::mt19937 random(1);
    for (std::size_t at = 0, frames = 0; at < 48000; at += frames) {
        frames = 1 + random() % 480;
        const auto block = tone(at, frames);
        in.insert(in.end(), block.begin(), block.end());
        matcher.process(block, 0, out);
    }
    EXPECT_EQ(out, in);
    EXPECT_EQ(matcher.delay(), 0U);
    EXPECT_FALSE(matcher.resamples());
}

TEST(RateMatcher, TheSpliceNeitherLosesNorDoublesASample) {
    for (const std::size_t frames : {480U, 441U, 100U, 33U, 7U}) {
        RateMatcher matcher({});
        std::vector<float> out;
        std::size_t at = 0;
        for (; at < 4000; at += frames) matcher.process(tone(at, frames), 0, out);
        const auto splice = at;
        // One part in a million moves nothing within this time: what follows is the tone itself.
        for (; at < splice + 4800; at += frames) matcher.process(tone(at, frames), 1, out);
        ASSERT_TRUE(matcher.resamples());
        const auto made = out.size() / 2;
        EXPECT_EQ(made + matcher.delay(), at) << frames;
        EXPECT_LE(matcher.delay(), 32U);
        double worst = 0;
        for (std::size_t n = 0; n < made; ++n)
            worst =
                std::max(worst, std::abs(static_cast<double>(out[2 * n]) - kLevel * std::sin(kTone * static_cast<double>(n))));
        std::printf("blocks of %zu: %.6f off at most, delay %zu\n", frames, worst, matcher.delay());
        EXPECT_LT(worst, 0.002);
        EXPECT_LT(bend(out), kOwnBend * 1.02);
    }
}

TEST(RateMatcher, MakesAsMuchMoreOrLessAsWasAsked) {
    for (const double ppm : {-1000.0, -200.0, -3.0, 3.0, 200.0, 1000.0, 5000.0}) {
        RateMatcher matcher({.sampleRate = 48000, .channels = 2});
        std::vector<float> out;
        constexpr std::size_t kFrames = 48000 * 20;
        for (std::size_t at = 0; at < kFrames; at += 480) matcher.process(tone(at, 480), ppm, out);
        const auto made = static_cast<double>(out.size() / 2 + matcher.delay());
        const auto expected = kFrames * (1 + std::clamp(ppm, -1000.0, 1000.0) / 1e6);
        EXPECT_NEAR(made, expected, 3) << ppm;
        EXPECT_LT(bend(out), kOwnBend * 1.02) << ppm;
    }
}

TEST(RateMatcher, CorrectionsMayChangeWithEachBlockWithoutAClick) {
    RateMatcher matcher({.sampleRate = 48000, .channels = 2});
    std::vector<float> out;
    std::mt19937 random(2);
    std::size_t at = 0;
    double expected = 0;
    for (int n = 0; n < 3000; ++n) {
        const auto frames = 1 + random() % 480;
        const auto ppm = n < 100 ? 0 : static_cast<double>(random() % 2001) - 1000;
        expected += static_cast<double>(frames) * (1 + ppm / 1e6);
        matcher.process(tone(at, frames), ppm, out);
        at += frames;
    }
    EXPECT_NEAR(static_cast<double>(out.size() / 2 + matcher.delay()), expected, 3);
    EXPECT_LT(bend(out), kOwnBend * 1.02);
}

TEST(RateMatcher, AllocatesNothingNotEvenWhenTheFirstCorrectionComes) {
    RateMatcher matcher({});
    const auto block = tone(0, 480);
    std::vector<float> out;
    out.reserve(8 * block.size());
    const auto before = test::allocations();
    if (!before) GTEST_SKIP() << "nothing is counted in this build";
    for (int n = 0; n < 500; ++n) {
        out.clear();
        matcher.process(block, n < 100 ? 0 : n % 2000 - 1000, out);
    }
    EXPECT_EQ(*test::allocations() - *before, 0);
}

TEST(RateMatcher, OneChannelOf16kHzIsMatchedToo) {
    RateMatcher matcher({.sampleRate = 16000, .channels = 1});
    std::vector<float> out, block(160, 0.25F);
    for (int n = 0; n < 1000; ++n) matcher.process(block, n < 500 ? 0 : -500, out);
    EXPECT_NEAR(static_cast<double>(out.size() + matcher.delay()), 160'000 - 40, 2);
    for (const auto sample : out) ASSERT_NEAR(sample, 0.25F, 0.001F);
}

}  // namespace
}  // namespace livepusher::effects
