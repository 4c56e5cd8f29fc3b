// SPDX-License-Identifier: MIT
#include "pipeline/drift.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <functional>
#include <memory>
#include <numbers>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "effects/audio/rate_matcher.hpp"
#include "media/audio_timeline.hpp"

namespace livepusher::pipeline {
namespace {

constexpr int kRate = 48000;
constexpr double kBlock = 480;

struct Course {
    double worst = 0;                 ///< µs of true offset after settling
    double least = 1e9, most = -1e9;  ///< ppm after settling
    double wow = 0;                   ///< ppm from one block to the next, at most
    int cuts = 0;                     ///< times the timeline had to help with silence or a skip
    bool touched = false;             ///< a correction other than 0 was asked
};

/// A card whose clock gives `drift` ppm too few samples, for `seconds`; each block is stamped `jitter(n)` µs late.
Course simulate(double seconds, const std::function<double(double)>& drift, const std::function<double(int)>& jitter,
                double settled, double begin = 0) {
    Course course;
    base::AudioTimeline timeline(kRate);
    timeline.begin(Timestamp{});
    DriftController controller;
    double moment = begin;  // µs at which the block was truly begun
    double made = 0, before = 0;
    std::int64_t appended = 0;
    for (int n = 0; moment < seconds * 1e6; ++n) {
        const auto pts = Timestamp(std::llround(moment + jitter(n)));
        const auto ppm = controller.follow(pts - timeline.position(), Timestamp(10'000));
        course.wow = std::max(course.wow, std::abs(ppm - before));
        before = ppm;
        course.touched = course.touched || ppm != 0;
        const auto decision = timeline.place(pts, static_cast<std::size_t>(kBlock));
        if (decision.silence > 0 || decision.skip > 0) {
            ++course.cuts;
            controller.restart();
            timeline.append(decision.silence);
        }
        if (moment > settled * 1e6) {
            course.worst = std::max(course.worst, std::abs(moment - static_cast<double>(timeline.position().count())));
            course.least = std::min(course.least, ppm);
            course.most = std::max(course.most, ppm);
        }
        made += kBlock * (1 + ppm / 1e6);
        const auto frames = std::llround(made) - appended;
        appended += frames;
        timeline.append(static_cast<std::size_t>(frames) - decision.skip);
        moment += kBlock / kRate * 1e6 * (1 + drift(moment / 1e6) / 1e6);
    }
    return course;
}

std::function<double(int)> uniform(double most, unsigned seed) {
    auto random = std::make_shared<std::mt19937>(seed);
    return [=](int) { return std::uniform_real_distribution<>(-most, most)(*random); };
}

void print(const char* what, const Course& course) {
    std::printf("%s: %.2f ms off at most, %.1f..%.1f ppm, %d cuts\n", what, course.worst / 1000, course.least, course.most,
                course.cuts);
}

TEST(DriftController, ACardThatRunsWrongStaysInStepForAnHour) {
    for (const double drift : {200.0, -200.0, 60.0, -20.0}) {
        const auto course = simulate(
            3600, [=](double) { return drift; }, uniform(20'000, 3), 120);
        print(std::to_string(drift).c_str(), course);
        EXPECT_LT(course.worst, 5'000);
        EXPECT_EQ(course.cuts, 0);
        EXPECT_LE(course.wow, 0.21);
        if (std::abs(drift) < 50) continue;
        EXPECT_NEAR(course.least, drift, 45);
        EXPECT_NEAR(course.most, drift, 45);
    }
}

TEST(DriftController, StaysInStepAlsoBeforeItHasSettled) {
    const auto course = simulate(
        300, [](double) { return 200; }, uniform(20'000, 4), 0);
    print("from the first block on", course);
    EXPECT_LT(course.worst, 10'000);
    EXPECT_EQ(course.cuts, 0);
}

TEST(DriftController, FindsTheDrift) {
    DriftController controller;
    double moment = 0, position = 0;
    const auto jitter = uniform(20'000, 5);
    for (int n = 0; n < 60'000; ++n) {
        const auto ppm = controller.follow(Timestamp(std::llround(moment + jitter(n) - position)), Timestamp(10'000));
        position += 10'000 * (1 + ppm / 1e6);
        moment += 10'000 * (1 + 200 / 1e6);
    }
    EXPECT_NEAR(controller.drift(), 200, 10);
}

TEST(DriftController, JitterAloneIsNeverCorrected) {
    for (unsigned seed = 0; seed < 5; ++seed) {
        const auto course = simulate(
            3600, [](double) { return 0; }, uniform(15'000, 100 + seed), 0);
        EXPECT_FALSE(course.touched) << seed;
        EXPECT_EQ(course.cuts, 0);
    }
}

TEST(DriftController, AFileIsNeverCorrectedWhereverItsStampsAreRoundedTo) {
    const auto course = simulate(
        3600, [](double) { return 0; }, [](int n) { return n % 3 * 500 - 500; }, 0);
    EXPECT_FALSE(course.touched);
    EXPECT_LE(course.worst, 21);
}

TEST(DriftController, AFewBlocksThatComeFarTooLateChangeNothing) {
    auto random = std::make_shared<std::mt19937>(6);
    const auto jitter = [random](int) {
        const auto late = (*random)() % 100 < 4 ? 70'000 : 0;
        return std::uniform_real_distribution<>(-5'000, 5'000)(*random) + late;
    };
    auto course = simulate(
        1800, [](double) { return 0; }, jitter, 0);
    EXPECT_FALSE(course.touched);
    course = simulate(
        1800, [](double) { return 150; }, jitter, 120);
    print("with 4 % of all blocks 70 ms late", course);
    EXPECT_LT(course.worst, 5'000);
}

TEST(DriftController, AClockThatWandersIsFollowed) {
    const auto course = simulate(
        3600, [](double second) { return 120 + 60 * std::sin(second / 600); }, uniform(20'000, 7), 120);
    print("wandering", course);
    EXPECT_LT(course.worst, 5'000);
}

TEST(DriftController, WhatLiesApartFromTheBeginningIsBroughtTogetherAndThenLeftAlone) {
    const auto course = simulate(
        1800, [](double) { return 0; }, uniform(10'000, 8), 400, 15'000);
    print("15 ms apart at the beginning", course);
    EXPECT_TRUE(course.touched);
    EXPECT_LT(course.worst, 5'000);
    EXPECT_EQ(course.cuts, 0);
    EXPECT_EQ(course.least, 0);
    EXPECT_EQ(course.most, 0);
}

TEST(DriftController, AJumpIsNotItsWorkAndLeavesWhatIsKnownOfTheClock) {
    DriftController controller;
    double moment = 0, position = 0;
    const auto run = [&](double seconds) {
        const auto jitter = uniform(5'000, 9);
        for (int n = 0; n < static_cast<int>(seconds * 100); ++n) {
            const auto ppm = controller.follow(Timestamp(std::llround(moment + jitter(n) - position)), Timestamp(10'000));
            position += 10'000 * (1 + ppm / 1e6);
            moment += 10'000 * (1 + 200 / 1e6);
        }
    };
    run(300);
    EXPECT_NEAR(controller.ppm(), 200, 20);
    moment += 500'000;
    run(0.01);
    position = moment;  // the timeline laid silence
    run(60);
    EXPECT_NEAR(controller.ppm(), 200, 40);
    EXPECT_LT(std::abs(moment - position), 3'000);
}

TEST(DriftController, ASineThatIsResampledByItHasNoStepAndTheRightLength) {
    for (const double drift : {200.0, -200.0}) {
        DriftController controller;
        effects::RateMatcher matcher({.sampleRate = kRate, .channels = 1});
        base::AudioTimeline timeline(kRate);
        timeline.begin(Timestamp{});
        const auto jitter = uniform(20'000, 10);
        constexpr double kTone = 2 * std::numbers::pi * 440 / kRate;
        double moment = 0, most = 0;
        float last[2] = {static_cast<float>(-0.5 * std::sin(kTone)), static_cast<float>(-0.5 * std::sin(2 * kTone))};
        std::int64_t sample = 0;
        std::vector<float> block(480), out;
        for (int n = 0; n < 24'000; ++n) {
            const auto delay = Timestamp(static_cast<std::int64_t>(matcher.delay()) * 1'000'000 / kRate);
            const auto pts = Timestamp(std::llround(moment + jitter(n))) - delay;
            const auto ppm = controller.follow(pts - timeline.position(), Timestamp(10'000));
            for (auto& value : block) value = 0.5F * static_cast<float>(std::sin(kTone * static_cast<double>(sample++)));
            out.clear();
            matcher.process(block, ppm, out);
            timeline.append(out.size());
            for (const auto value : out) {
                most = std::max(most, std::abs(static_cast<double>(value) - 2.0 * static_cast<double>(last[0]) +
                                               static_cast<double>(last[1])));
                last[1] = std::exchange(last[0], value);
            }
            moment += 10'000 * (1 + drift / 1e6);
        }
        const auto off = moment - static_cast<double>(timeline.position().count());
        std::printf("%.0f ppm: %.2f ms off after 4 minutes, bend %.3f of the sine's own, %.1f ppm\n", drift, off / 1000,
                    most / (0.5 * kTone * kTone), controller.ppm());
        EXPECT_LT(std::abs(off), 5'000);
        EXPECT_LT(most, 0.5 * kTone * kTone * 1.02);
    }
}

}  // namespace
}  // namespace livepusher::pipeline
