// SPDX-License-Identifier: MIT
#include "srt/srt_meter.hpp"

#include <gtest/gtest.h>

namespace livepusher::srt {
namespace {

using namespace std::chrono_literals;

constexpr SrtMeter::Time kStart{1h};

TEST(SrtMeter, TellsWhatTheOtherSideHasAndSinceWhenTheRestWaits) {
    SrtMeter meter;
    meter.taken(1000, kStart);
    meter.taken(500, kStart + 40ms);
    meter.note({.unacknowledged = 1500, .rtt = 100}, kStart + 50ms);
    auto now = meter.statistics(kStart + 50ms);
    EXPECT_EQ(now.bytesSent, 1500U);
    EXPECT_EQ(now.outstanding(), 1500U);
    EXPECT_EQ(now.acknowledged(), 0U);
    EXPECT_EQ(now.oldestUnacknowledged, 50ms);
    EXPECT_EQ(now.rtt, 0) << "nothing has been acknowledged: libsrt's first figure is made up";
    EXPECT_EQ(now.minRtt, 0);
    EXPECT_FALSE(now.use.has_value()) << "libsrt tells nothing of it";

    meter.note({.unacknowledged = 500, .rtt = 61.7, .measured = true}, kStart + 100ms);
    now = meter.statistics(kStart + 100ms);
    EXPECT_EQ(now.acknowledged(), 1000U);
    EXPECT_EQ(now.oldestUnacknowledged, 60ms);
    EXPECT_EQ(now.rtt, 61);
    EXPECT_EQ(now.minRtt, 61);
    meter.note({.unacknowledged = 0, .rtt = 80, .measured = true}, kStart + 200ms);
    now = meter.statistics(kStart + 200ms);
    EXPECT_EQ(now.oldestUnacknowledged, 0ms);
    EXPECT_EQ(now.rtt, 80);
    EXPECT_EQ(now.minRtt, 61);
}

TEST(SrtMeter, WhatWasLeftOutWasNotSentAndWaitsNoMore) {
    SrtMeter meter;
    for (int i = 0; i < 4; ++i) meter.taken(1000, kStart + i * 100ms);
    meter.note({.unacknowledged = 3000}, kStart + 1s);
    EXPECT_EQ(meter.statistics(kStart + 1s).acknowledged(), 1000U);
    meter.note({.unacknowledged = 1000, .leftOut = 2000}, kStart + 1s);
    const auto now = meter.statistics(kStart + 1s);
    EXPECT_EQ(now.acknowledged(), 1000U);
    EXPECT_EQ(now.bytesSent, 2000U);
    EXPECT_EQ(now.outstanding(), 1000U);
    EXPECT_EQ(now.oldestUnacknowledged, 700ms);
}

TEST(RecentLeast, ForgetsWhatIsLongAgo) {
    RecentLeast least;
    EXPECT_FALSE(least.value().has_value());
    least.note(50, kStart);
    least.note(70, kStart + 30s);
    EXPECT_EQ(least.value(), 50);
    least.note(80, kStart + 70s);
    EXPECT_EQ(least.value(), 50) << "of the stretch before";
    least.note(90, kStart + 131s);
    EXPECT_EQ(least.value(), 80);
    least.note(60, kStart + 10min);
    EXPECT_EQ(least.value(), 60) << "nothing was noted for long";
}

}  // namespace
}  // namespace livepusher::srt
