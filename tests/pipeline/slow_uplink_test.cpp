// SPDX-License-Identifier: MIT
#include "pipeline/slow_uplink.hpp"

#include <gtest/gtest.h>

namespace livepusher::pipeline {

namespace {

using namespace std::chrono_literals;

struct Uplink {
    SlowUplink slow;
    SlowUplink::Time now{};
    int told = 0;

    Uplink& lasts(std::chrono::milliseconds time, std::chrono::milliseconds delay, bool atLeast = false, bool skipping = false) {
        for (const auto until = now + time; now < until; now += 100ms) told += slow.tick(delay, atLeast, skipping, now);
        return *this;
    }
};

}  // namespace

TEST(SlowUplink, OneEpisodeIsToldOnce) {
    Uplink uplink;
    EXPECT_EQ(uplink.lasts(900ms, 600ms).told, 0) << "not yet a second";
    EXPECT_EQ(uplink.lasts(60s, 600ms).told, 1);
    EXPECT_EQ(uplink.lasts(2s, 100ms).lasts(10s, 600ms).told, 1) << "not over before 3 s of calm";
    EXPECT_EQ(uplink.lasts(4s, 100ms).lasts(10s, 600ms).told, 2);
}

TEST(SlowUplink, AtTheLowestBitrateLessIsEnough) {
    EXPECT_EQ(Uplink().lasts(10s, 350ms).told, 0);
    EXPECT_EQ(Uplink().lasts(10s, 350ms, true).told, 1);
}

TEST(SlowUplink, SkippedFramesAreToldAtOnce) { EXPECT_EQ(Uplink().lasts(100ms, 450ms, false, true).told, 1); }

TEST(SlowUplink, TwoEpisodesAreFiveSecondsApart) {
    Uplink uplink;
    uplink.lasts(100ms, 450ms, false, true).lasts(3500ms, 0ms);
    EXPECT_EQ(uplink.lasts(1s, 450ms, false, true).told, 1);
    EXPECT_EQ(uplink.lasts(1s, 450ms, false, true).told, 2);
}

}  // namespace livepusher::pipeline
