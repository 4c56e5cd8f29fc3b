// SPDX-License-Identifier: MIT
#include "simulator.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <string>

namespace livepusher::playback::test {
namespace {

using namespace std::chrono_literals;
using News = Playout::News;

/// Everything at once: it never goes on with a delay that is too large, and always with one.
void expectWithinBounds(const Course& course, const DelaySettings& settings) {
    EXPECT_GE(course.count(News::Began, 0s, 24h), 1);
    for (const auto& sample : course.samples) {
        ASSERT_GE(sample.speed, settings.minSpeed - 1e-9) << sample.at.count();
        ASSERT_LE(sample.speed, settings.maxSpeed + 1e-9) << sample.at.count();
        ASSERT_LE(sample.target, settings.maxCache);
        ASSERT_GE(sample.target, settings.minCache);
    }
}

TEST(PlayoutSimulation, OnACalmNetworkTheSpeedIsOneOnceTheDelayIsThere) {
    for (const auto& settings : {kLive, kRealTime}) {
        const auto course = play("calm", settings);
        EXPECT_EQ(course.stalls + course.skips, 0);
        const auto settled = settings.realTime ? 10s : 45s;
        int changes = 0;
        for (const auto& sample : course.samples) {
            if (sample.at < settled) continue;
            changes += sample.speed != 1;
            EXPECT_LE(std::abs((sample.delay - sample.target).count()), 40'000) << sample.at.count();
        }
        EXPECT_EQ(changes, 0);
        expectWithinBounds(course, settings);
    }
}

TEST(PlayoutSimulation, TheClockRunsSoonAndTheDelayIsBuiltUpSlowly) {
    const auto live = play("calm");
    ASSERT_FALSE(live.news.empty());
    EXPECT_LE(live.news[0].at, 600ms) << "a quarter of the target is there, and a second track was waited for";
    for (const auto& sample : live.samples) EXPECT_LE(sample.speed, 1);
    EXPECT_LE(play("calm", kRealTime).news.at(0).at, 350ms);
}

TEST(PlayoutSimulation, AfterAStopOfThreeSecondsLiveIsBackWithoutASkip) {
    for (const std::string log : {"stop_3s", "stop_3s_slow_link"}) {
        const auto course = play(log);
        EXPECT_EQ(course.stalls, 1) << log;
        EXPECT_EQ(course.skips, 0) << log;
        EXPECT_LE(course.settled(48s, 1600ms), 48s + 20s) << log;
        expectWithinBounds(course, kLive);
    }
}

TEST(PlayoutSimulation, AfterAStopOfThreeSecondsRealTimeIsBackByOneSkip) {
    const auto course = play("stop_3s", kRealTime);
    EXPECT_EQ(course.stalls, 1);
    EXPECT_EQ(course.skips, 1);
    EXPECT_LE(course.settled(48s, 450ms), 48s + 1500ms);
    const auto slow = play("stop_3s_slow_link", kRealTime);
    EXPECT_EQ(slow.skips, 1) << "what still comes in a burst is not skipped through in pieces";
    EXPECT_LE(slow.settled(48s, 800ms), 48s + 10s);
}

TEST(PlayoutSimulation, AfterALongStopNothingIsPlayedThatIsSecondsOld) {
    for (const auto& [log, length] : {std::pair("stop_10s", 10s), std::pair("stop_30s", 30s)}) {
        for (const auto& settings : {kLive, kRealTime}) {
            const auto course = play(log, settings);
            EXPECT_EQ(course.stalls, 1) << log;
            EXPECT_EQ(course.skips, 1) << log;
            EXPECT_LE(course.settled(45s + length, settings.maxCache), 45s + length + 1500ms) << log;
            expectWithinBounds(course, settings);
        }
    }
}

TEST(PlayoutSimulation, ShortStopsDoNotStall) {
    EXPECT_EQ(play("stops_800ms").count(News::Stalled, 30s, 24h), 0);
    EXPECT_EQ(play("stops_400ms").stalls, 0);
    EXPECT_EQ(play("stops_150ms", kRealTime).count(News::Stalled, 30s, 24h), 0);
}

TEST(PlayoutSimulation, RealTimeLearnsFromStopsThatComeAgainAndAgain) {
    const auto course = play("stops_400ms", kRealTime);
    EXPECT_LE(course.count(News::Stalled, 0s, 60s), 3);
    EXPECT_EQ(course.count(News::Stalled, 60s, 24h), 0);
    EXPECT_EQ(course.skips, 0);
    expectWithinBounds(course, kRealTime);
}

TEST(PlayoutSimulation, OnAMobileLinkLiveStallsNever) {
    const auto course = play("mobile");
    EXPECT_EQ(course.stalls, 0);
    EXPECT_EQ(course.skips, 0);
    expectWithinBounds(course, kLive);
}

TEST(PlayoutSimulation, OnAMobileLinkRealTimePaysWithLittleDelayForFewStalls) {
    const auto course = play("mobile", kRealTime);
    EXPECT_LE(course.stalls, 2) << "in two and a half minutes";
    Timestamp sum{};
    for (const auto& sample : course.samples) sum += sample.delay;
    EXPECT_LE(sum / static_cast<std::int64_t>(course.samples.size()), 300ms);
    expectWithinBounds(course, kRealTime);
}

TEST(PlayoutSimulation, WhatAServerHasKeptIsNotShownAsMotion) {
    for (const auto& settings : {kLive, kRealTime}) {
        const auto course = play("kept_4s", settings);
        ASSERT_FALSE(course.news.empty());
        EXPECT_EQ(course.news[0].news, News::Began);
        EXPECT_LE(course.news[0].at, 300ms);
        EXPECT_LE(course.news[0].delay, settings.minCache + 100ms);
        EXPECT_EQ(course.stalls + course.skips, 0);
        for (const auto& sample : course.samples) EXPECT_LE(sample.speed, 1.02) << sample.at.count();
    }
}

TEST(PlayoutSimulation, AfterASlowLinkTheDelayComesBackWithinItsBounds) {
    const auto course = play("slow_link");
    EXPECT_LE(course.stalls, 3);
    // The excess at 0.1 s a second at the slowest, or a skip.
    EXPECT_LE(course.settled(42s, kLive.maxCache), 42s + 15s);
    EXPECT_LE(course.samples.back().delay, course.samples.back().target + 200ms);
    EXPECT_LE(course.samples.back().delay, 2200ms) << "and goes on falling";
    expectWithinBounds(course, kLive);
}

TEST(PlayoutSimulation, ForADayTheDelayFollowsASenderWhoseClockIsOff) {
    const auto calm = readArrivals("calm");
    for (const double ppm : {200.0, -200.0}) {
        for (const auto& settings : {kLive, kRealTime}) {
            Playing run{.settings = settings, .ppm = ppm, .times = 24 * 60, .step = Timestamp(50'000), .keepSamples = false};
            const auto course = play(calm, run);
            EXPECT_EQ(course.stalls + course.skips, 0) << ppm;
            EXPECT_LE(run.worst, 50ms) << ppm;
            EXPECT_GE(run.end, 23h);
        }
    }
}

TEST(PlayoutSimulation, TheCountOfTimeStampsMayTurnOver) {
    const auto plain = play("calm");
    Playing run{.first = 0xFFFFFFFFU - 20'000U};
    const auto turned = play(readArrivals("calm"), run);
    ASSERT_EQ(turned.samples.size(), plain.samples.size());
    for (std::size_t i = 0; i < plain.samples.size(); ++i) ASSERT_EQ(turned.samples[i].delay, plain.samples[i].delay);
}

}  // namespace
}  // namespace livepusher::playback::test
