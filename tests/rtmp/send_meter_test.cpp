// SPDX-License-Identifier: MIT
#include "rtmp/send_meter.hpp"

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

}  // namespace
}  // namespace livepusher::rtmp
