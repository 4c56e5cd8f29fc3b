// SPDX-License-Identifier: MIT
#include "effects/audio/limiter.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <random>

namespace livepusher::effects {
namespace {

constexpr AudioFormat kFormat{48000, 2};

std::vector<float> limited(Limiter& limiter, std::vector<float> samples, float ceiling) {
    for (std::size_t at = 0; at < samples.size(); at += 254)
        limiter.process(std::span(samples).subspan(at, std::min<std::size_t>(254, samples.size() - at)), ceiling);
    return samples;
}

std::vector<float> noise(std::size_t frames, float amplitude) {
    std::mt19937 random(3);
    std::uniform_real_distribution<float> value(-amplitude, amplitude);
    std::vector<float> samples(frames * 2);
    for (auto& sample : samples) sample = value(random);
    return samples;
}

float peak(std::span<const float> samples) {
    float peak = 0;
    for (const float sample : samples) peak = std::max(peak, std::abs(sample));
    return peak;
}

}  // namespace

TEST(Limiter, WhatIsWithinTheCeilingComesOutLaterAndTheSameToTheBit) {
    Limiter limiter(kFormat);
    EXPECT_EQ(limiter.delay(), 144U);
    const auto in = noise(48000, 0.97F);
    const auto out = limited(limiter, in, 0.97F);
    EXPECT_TRUE(std::equal(out.begin() + 288, out.end(), in.begin()));
}

TEST(Limiter, NothingPassesTheCeilingHoweverLoud) {
    for (const float amplitude : {1.0F, 1.5F, 4.0F, 1000.0F}) {
        Limiter limiter(kFormat);
        EXPECT_LE(peak(limited(limiter, noise(48000, amplitude), 0.97F)), 0.97F + 1e-5F) << amplitude;
    }
}

TEST(Limiter, APeakIsTurnedDownWithoutAStepAndForgottenToTheBit) {
    Limiter limiter(kFormat);
    std::vector<float> in(48000 * 4);
    for (std::size_t i = 0; i < in.size() / 2; ++i) {
        const auto tone = static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * 100 * static_cast<double>(i) / 48000));
        in[2 * i] = in[2 * i + 1] = i >= 24000 && i < 24480 ? 3 * tone : tone;
    }
    const auto out = limited(limiter, in, 0.97F);
    EXPECT_LE(peak(out), 0.97F + 1e-5F);
    const float own = 2 * 3.15F * 100 / 48000 * 1.5F;  // the loudest part's
    for (std::size_t i = 48000; i < 52000 * 2; i += 2)
        if (i != 48000 + 288 && i != 48960 + 288) {  // where the input itself steps
            ASSERT_LT(std::abs(out[i] - out[i - 2]), own * 1.2F) << i;
        }
    EXPECT_TRUE(std::equal(out.end() - 20000, out.end(), in.end() - 20000 - 288));
}

TEST(Limiter, WhatIsNoNumberIsSilence) {
    Limiter limiter(kFormat);
    std::vector<float> in(4800, 0.25F);
    in[100] = std::numeric_limits<float>::quiet_NaN();
    in[101] = std::numeric_limits<float>::infinity();
    const auto out = limited(limiter, in, 1.0F);
    EXPECT_EQ(out[388], 0.0F);
    EXPECT_EQ(out[389], 0.0F);
    EXPECT_EQ(out[390], 0.25F);
}

}  // namespace livepusher::effects
