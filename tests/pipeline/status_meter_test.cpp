// SPDX-License-Identifier: MIT
#include "pipeline/status_meter.hpp"

#include <gtest/gtest.h>

namespace livepusher::pipeline {

using namespace std::chrono_literals;

TEST(StatusMeter, TotalsBecomeTheRatesOfTheInterval) {
    StatusMeter meter;
    StatusMeter::Totals t;
    t.publishing = true;
    (void)meter.measure(t);
    t.at += 2s;
    t.videoFrames = 60;
    t.videoBytes = 250'000;
    t.audioBytes = 24'000;
    t.keyInterval = 2s;
    t.link.bytesSent = 280'000;
    t.cpu = 500ms;
    t.width = 360;
    t.queue.video = 3;
    t.queue.droppedVideo = 0;
    const auto s = meter.measure(t);
    EXPECT_EQ(s.videoBitrate, 1000);
    EXPECT_EQ(s.audioBitrate, 96);
    EXPECT_EQ(s.videoFPS, 30);
    EXPECT_EQ(s.videoGOP, 2);
    EXPECT_EQ(s.netSpeed, 1120);
    EXPECT_EQ(s.cpuUsage, 25);
    EXPECT_EQ(s.videoCache, 3);
    EXPECT_EQ(s.netQualityLevel, 1);
}

TEST(StatusMeter, QualityFallsWithTheDelayTheBitrateAndWithDrops) {
    struct Row {
        std::chrono::milliseconds delay;
        std::uint64_t dropped;
        int level;
        int bitrate = 1000;
        bool skipping = false;
    };
    for (const auto& row : {Row{50ms, 0, 1}, Row{150ms, 0, 2}, Row{300ms, 0, 3}, Row{500ms, 0, 4}, Row{900ms, 0, 5},
                            Row{0ms, 5, 5}, Row{0ms, 0, 3, 900}, Row{0ms, 0, 4, 210}, Row{0ms, 0, 5, 1000, true}}) {
        StatusMeter meter;
        StatusMeter::Totals t;
        t.publishing = true;
        (void)meter.measure(t);
        t.at += 1s;
        t.link.bytesSent = 1000;
        t.limits.minBitrate = 200;
        t.limits.maxBitrate = 1000;
        t.delay = row.delay;
        t.bitrate = row.bitrate;
        t.skipping = row.skipping;
        t.queue.droppedVideo = row.dropped;
        EXPECT_EQ(meter.measure(t).netQualityLevel, row.level);
    }
}

TEST(StatusMeter, TwoSecondsWithoutAByteThatArrivesAreUnusable) {
    StatusMeter meter;
    StatusMeter::Totals t;
    t.publishing = true;
    t.link.bytesSent = 5;
    (void)meter.measure(t);
    t.at += 1s;
    t.link.bytesSent = 8;
    t.link.bytesInFlight = 3;
    EXPECT_NE(meter.measure(t).netQualityLevel, 6);
    t.at += 1s;
    EXPECT_EQ(meter.measure(t).netQualityLevel, 6);
}

TEST(StatusMeter, TheFirstMeasureKnowsNoRates) {
    StatusMeter meter;
    StatusMeter::Totals t;
    t.videoBytes = 1'000'000;
    const auto s = meter.measure(t);
    EXPECT_EQ(s.videoBitrate, 0);
    EXPECT_EQ(s.netQualityLevel, 0);
}

}  // namespace livepusher::pipeline
