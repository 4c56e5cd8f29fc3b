// SPDX-License-Identifier: MIT
#include "playback/delay_policy.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace livepusher::playback {
namespace {

using namespace std::chrono_literals;

constexpr DelaySettings kLive{};
constexpr DelaySettings kRealTime{.minCache = Timestamp(200'000), .maxCache = Timestamp(800'000), .realTime = true};

/// Ticks that say the same for so long; answers with the last decision.
DelayPolicy::Decision hold(DelayPolicy& policy, Timestamp& now, DelayPolicy::Input input, Timestamp length) {
    DelayPolicy::Decision last;
    for (const auto end = now + length; now < end; now += DelayPolicy::kStep) {
        input.now = now;
        last = policy.tick(input);
    }
    return last;
}

TEST(DelayPolicy, AimsAtTheJitterWithinTheBounds) {
    DelayPolicy policy(kLive);
    policy.rest(0s, 0ms);
    EXPECT_EQ(policy.target(), 1s);
    policy.rest(1s, 1500ms);
    EXPECT_EQ(policy.target(), 1540ms);
    policy.rest(2s, 9s);
    EXPECT_EQ(policy.target(), 3s);
}

TEST(DelayPolicy, AStallMakesItCarefulForAWhile) {
    DelayPolicy policy(kLive);
    policy.stalled(0s);
    policy.rest(100ms, 20ms);
    EXPECT_EQ(policy.target(), 1500ms);
    policy.rest(30s, 20ms);
    EXPECT_EQ(policy.target(), 1500ms);
    policy.rest(40s, 20ms);
    EXPECT_EQ(policy.target(), 1400ms) << "10 ms a second after 30 s";
    policy.rest(100s, 20ms);
    EXPECT_EQ(policy.target(), 1s);
    DelayPolicy realTime(kRealTime);
    realTime.stalled(0s);
    realTime.rest(100ms, 20ms);
    EXPECT_EQ(realTime.target(), 300ms);
    for (int n = 1; n < 100; ++n) realTime.stalled(n * 1s);
    realTime.rest(99s, 20ms);
    EXPECT_EQ(realTime.target(), 800ms);
    realTime.rest(99s + 30s + 60s, 20ms);
    EXPECT_EQ(realTime.target(), 200ms) << "a hundred stalls are not remembered for longer than six";
}

TEST(DelayPolicy, MarksAtWhichTheClockRuns) {
    DelayPolicy live(kLive), realTime(kRealTime);
    EXPECT_EQ(live.startMark(), 250ms);
    EXPECT_EQ(live.restartMark(), 500ms);
    EXPECT_EQ(realTime.startMark(), 100ms);
    EXPECT_EQ(realTime.restartMark(), 100ms);
    DelayPolicy least({.minCache = 50ms, .maxCache = 100ms});
    least.rest(0s, 0ms);
    EXPECT_EQ(least.startMark(), 100ms);
}

TEST(DelayPolicy, NothingChangesWhileTheDelayIsNear) {
    DelayPolicy policy(kLive);
    Timestamp now{};
    for (const auto off : {0ms, 39ms, -39ms, 25ms, -25ms})
        EXPECT_EQ(hold(policy, now, {.delay = 1s + off, .level = 1s}, 3s).speed, 1) << off.count();
}

TEST(DelayPolicy, RegulationBeginsFurtherOutThanItEnds) {
    DelayPolicy policy(kLive);
    Timestamp now{};
    EXPECT_NEAR(hold(policy, now, {.delay = 1060ms, .level = 1s}, 1s).speed, 1.015, 1e-9);
    EXPECT_NEAR(hold(policy, now, {.delay = 1030ms, .level = 1s}, 1s).speed, 1.0075, 1e-9);
    EXPECT_EQ(hold(policy, now, {.delay = 1015ms, .level = 1s}, 1s).speed, 1);
    EXPECT_EQ(hold(policy, now, {.delay = 1035ms, .level = 1s}, 1s).speed, 1);
    EXPECT_NEAR(hold(policy, now, {.delay = 940ms, .level = 1s}, 1s).speed, 0.985, 1e-9);
}

TEST(DelayPolicy, TheSpeedKeepsItsLimitsAndChangesByOneHundredthATime) {
    DelayPolicy policy(kLive);
    double before = 1;
    for (int n = 0; n < 30; ++n) {
        const auto speed = policy.tick({.now = n * DelayPolicy::kStep, .delay = 3s, .level = 3s}).speed;
        EXPECT_LE(speed - before, DelayPolicy::kSlew + 1e-9) << n;
        EXPECT_GE(speed, before) << n;
        before = speed;
    }
    EXPECT_NEAR(before, 1.10, 1e-9);
    Timestamp now{3s};
    EXPECT_NEAR(hold(policy, now, {.delay = 100ms, .level = 100ms}, 5s).speed, 0.97, 1e-9);
    policy.setSettings({.minSpeed = 1, .maxSpeed = 1});
    EXPECT_NEAR(hold(policy, now, {.delay = 100ms, .level = 100ms}, 5s).speed, 1, 1e-9);
}

TEST(DelayPolicy, WhatIsNotThereIsNotHurriedThrough) {
    DelayPolicy policy(kLive);
    Timestamp now{};
    EXPECT_EQ(hold(policy, now, {.delay = 3s, .level = 400ms}, 5s).speed, 1);
    EXPECT_GT(hold(policy, now, {.delay = 3s, .level = 600ms}, 5s).speed, 1);
    EXPECT_NEAR(hold(policy, now, {.delay = 3s, .level = 400ms}, 5s).speed, 1, 1e-9) << "and no longer";
}

TEST(DelayPolicy, SkipsWhatIsTooMuchWhenThereIsSomethingToSkip) {
    DelayPolicy policy(kLive);
    EXPECT_FALSE(policy.tick({.now = 0s, .delay = 3500ms, .level = 3500ms}).skip);
    EXPECT_FALSE(policy.tick({.now = 1s, .delay = 3600ms, .level = 1100ms}).skip) << "late, but not here";
    EXPECT_TRUE(policy.tick({.now = 2s, .delay = 3600ms, .level = 1200ms}).skip);
}

TEST(DelayPolicy, ABurstPassesBeforeItSkips) {
    DelayPolicy policy(kRealTime);
    const DelayPolicy::Input input{.delay = 3s, .level = 2s, .bursting = true};
    Timestamp now{};
    EXPECT_FALSE(hold(policy, now, input, 1s).skip);
    EXPECT_TRUE(hold(policy, now, input, 100ms).skip) << "a second is enough";
    DelayPolicy other(kRealTime);
    EXPECT_FALSE(other.tick({.now = 0s, .delay = 3s, .level = 2s, .bursting = true}).skip);
    EXPECT_TRUE(other.tick({.now = 100ms, .delay = 3s, .level = 2s}).skip);
}

}  // namespace
}  // namespace livepusher::playback
