// SPDX-License-Identifier: MIT
#include "pipeline/frame_rate.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace livepusher::pipeline {
namespace {

/// Times that come out of `seconds` of a source.
std::vector<Timestamp> run(FrameRate& rate, double sourceFps, int seconds, int jitterMs = 0) {
    std::mt19937 random(1);
    std::uniform_int_distribution<int> jitter(-jitterMs * 1000, jitterMs * 1000);
    std::vector<Timestamp> out;
    for (int n = 0; n < static_cast<int>(sourceFps * seconds); ++n) {
        const Timestamp pts(1'000'000 + static_cast<std::int64_t>(n * 1e6 / sourceFps) + jitter(random));
        const auto d = rate.next(pts);
        for (int i = 0; i < d.repeats; ++i) out.push_back(d.firstRepeat + i * d.interval);
        if (d.take) out.push_back(d.pts);
    }
    return out;
}

void expectRising(const std::vector<Timestamp>& times) {
    for (std::size_t i = 1; i < times.size(); ++i) ASSERT_GT(times[i], times[i - 1]) << i;
}

}  // namespace

TEST(FrameRate, ACameraOfTheSameRateLosesNothingWhateverItsJitter) {
    FrameRate rate;
    rate.configure(30, 30, false);
    EXPECT_EQ(run(rate, 30, 60, 12).size(), 1800U);
}

TEST(FrameRate, ACameraALittleTooFastLosesOnlyTheSurplus) {
    FrameRate rate;
    rate.configure(30, 30, false);
    EXPECT_NEAR(static_cast<double>(run(rate, 30.3, 100).size()), 3000, 30);
}

TEST(FrameRate, FramesThatAStallHeldUpAreNotLost) {
    FrameRate rate;
    rate.configure(30, 30, false);
    int taken = 0;
    for (int n = 0; n < 300; ++n) {
        const bool stalled = n % 50 >= 47;  // three frames come with the one after them
        const Timestamp pts(std::int64_t{stalled ? n - n % 50 + 50 : n} * 33'333 + (stalled ? n % 50 : 50));
        taken += rate.next(pts).take;
    }
    EXPECT_EQ(taken, 300);
}

TEST(FrameRate, HalfTheRateTakesEverySecondFrameEvenly) {
    FrameRate rate;
    rate.configure(15, 30, false);
    const auto out = run(rate, 30, 20, 4);
    EXPECT_NEAR(static_cast<double>(out.size()), 300, 1);
    for (std::size_t i = 1; i < out.size(); ++i) EXPECT_LT((out[i] - out[i - 1]).count(), 80'000);
}

TEST(FrameRate, AFileOf24IsThinnedTo15) {
    FrameRate rate;
    rate.configure(15, 24, true);
    const auto out = run(rate, 24, 20);
    EXPECT_NEAR(static_cast<double>(out.size()), 300, 2);
    expectRising(out);
}

TEST(FrameRate, AFileOf25IsFilledUpTo30AtEvenTimes) {
    FrameRate rate;
    rate.configure(30, 25, true);
    const auto out = run(rate, 25, 20);
    EXPECT_NEAR(static_cast<double>(out.size()), 600, 2);
    for (std::size_t i = 1; i < out.size(); ++i) EXPECT_NEAR(static_cast<double>((out[i] - out[i - 1]).count()), 33'333, 2);
}

TEST(FrameRate, ASlowCameraIsNotFilledUp) {
    FrameRate rate;
    rate.configure(30, 15, false);
    EXPECT_EQ(run(rate, 15, 20, 5).size(), 300U);
}

TEST(FrameRate, AFileOfTheSameRatePassesUntouched) {
    FrameRate rate;
    rate.configure(30, 29.97, true);
    const auto out = run(rate, 29.97, 100);
    EXPECT_EQ(out.size(), 2997U);
}

TEST(FrameRate, ItGoesOnAtOnceAfterAGap) {
    FrameRate rate;
    rate.configure(15, 30, false);
    EXPECT_TRUE(rate.next(Timestamp(0)).take);
    EXPECT_TRUE(rate.next(Timestamp(9'000'000)).take);
}

}  // namespace livepusher::pipeline
