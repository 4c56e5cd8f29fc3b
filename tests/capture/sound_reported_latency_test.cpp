// SPDX-License-Identifier: MIT
#include "capture/sound/reported_latency.hpp"

#include <gtest/gtest.h>

namespace livepusher::capture {
namespace {

using namespace std::chrono_literals;

TEST(ReportedLatency, AShortOneIsBelievedAtOnceAndFollowed) {
    ReportedLatency latency;
    EXPECT_EQ(latency.age(25ms, 10ms, 1s), 25ms);
    EXPECT_EQ(latency.age(40ms, 10ms, 2s), 40ms);
    EXPECT_EQ(latency.age(5ms, 10ms, 3s), 10ms) << "it is at least as old as it is long";
    EXPECT_EQ(latency.age(0ms, 10ms, 3s), 10ms);
}

TEST(ReportedLatency, OneThatIsLongAtFirstAndComesDownNeverMovesTheSound) {
    ReportedLatency latency;
    for (int i = 0; i < 300; ++i) {
        const Timestamp told = std::max<Timestamp>(535ms - i * 2ms, 12ms);
        EXPECT_LE(latency.age(told, 10ms, i * 10ms), 70ms) << i;
    }
}

TEST(ReportedLatency, ALongOneIsBelievedWhenItHasStayed) {
    ReportedLatency latency;
    EXPECT_EQ(latency.age(200ms, 10ms, 1s), 10ms);
    EXPECT_EQ(latency.age(205ms, 10ms, 3s), 10ms);
    EXPECT_EQ(latency.age(195ms, 10ms, 5s), 195ms);
    EXPECT_EQ(latency.age(185ms, 10ms, 6s), 185ms);
}

TEST(ReportedLatency, WhatHasWaitedForALateReaderIsAsOldAsItIs) {
    ReportedLatency latency;
    EXPECT_EQ(latency.age(20ms, 10ms, 1s), 20ms);
    EXPECT_EQ(latency.age(520ms, 510ms, 2s), 520ms);
    EXPECT_EQ(latency.age(20ms, 10ms, 2s), 20ms);
}

}  // namespace
}  // namespace livepusher::capture
