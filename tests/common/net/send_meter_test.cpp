// SPDX-License-Identifier: MIT
#include "net/send_meter.hpp"

#include <gtest/gtest.h>

namespace livepusher::rtmp {
namespace {

using namespace std::chrono_literals;

const SendMeter::Time kStart{};

TEST(SendMeter, CountsWhatIsUnderWay) {
    SendMeter meter;
    meter.handedOver(100, kStart);
    meter.handedOver(50, kStart);
    EXPECT_EQ(meter.queued(), 150U);
    meter.taken(120, kStart);
    EXPECT_EQ(meter.queued(), 30U);
    EXPECT_EQ(meter.sent(), 120U);
}

TEST(SendMeter, MeasuresNoJitterOfAnEvenDelay) {
    SendMeter meter;
    for (int i = 0; i < 100; ++i) {
        meter.handedOver(10, kStart + i * 20ms);
        meter.taken(10, kStart + i * 20ms + 7ms);
    }
    EXPECT_NEAR(meter.jitter(), 0, 1e-9);
}

TEST(SendMeter, SmoothsTheDifferenceOfDelaysAsRfc3550Does) {
    SendMeter meter;
    meter.handedOver(10, kStart);
    meter.taken(10, kStart);
    meter.handedOver(10, kStart);
    meter.taken(9, kStart + 5ms);
    EXPECT_EQ(meter.jitter(), 0) << "a message counts with its last byte";
    meter.taken(1, kStart + 16ms);
    EXPECT_NEAR(meter.jitter(), 1, 1e-9);
    for (int i = 0; i < 400; ++i) {
        meter.handedOver(10, kStart);
        meter.taken(10, kStart + (i % 2) * 8ms);
    }
    EXPECT_NEAR(meter.jitter(), 8, 0.5);
}

TEST(SendMeter, TellsWhatWaitsForTheServerFromWhatWaitsForTheKernel) {
    SendMeter meter;
    meter.handedOver(100, kStart);
    meter.taken(40, kStart + 300ms);
    meter.taken(30, kStart + 400ms);
    LinkStatistics link;
    link.bytesInFlight = 70;
    meter.addTo(link, kStart + 450ms);
    EXPECT_EQ(link.oldestUnacknowledged, 450ms) << "of all that was handed over";
    EXPECT_EQ(link.oldestTaken, 150ms) << "of what is on the line";
    link.bytesInFlight = 30;
    meter.addTo(link, kStart + 460ms);
    EXPECT_EQ(link.oldestTaken, 60ms);
    link.bytesInFlight = 0;
    meter.addTo(link, kStart + 470ms);
    EXPECT_EQ(link.oldestUnacknowledged, 470ms);
    EXPECT_EQ(link.oldestTaken, 0ms) << "the kernel has nothing, the rest is still here";
}

}  // namespace
}  // namespace livepusher::rtmp
