// SPDX-License-Identifier: MIT
#include "capture/arrival_clock.hpp"

#include <gtest/gtest.h>

namespace livepusher::capture {
namespace {

constexpr Timestamp kBlock{10'000};

TEST(ArrivalClock, SmoothsTheJitterOfArrival) {
    ArrivalClock clock(64);
    Timestamp last{};
    for (int i = 0; i < 1000; ++i) {
        const Timestamp jitter((i * 7919) % 5000);
        const auto pts = clock.stamp(i * kBlock + jitter, kBlock);
        ASSERT_TRUE(pts);
        if (i > 0) {
            EXPECT_NEAR(double((*pts - last).count()), 10'000, 120) << i;
        }
        last = *pts;
    }
}

TEST(ArrivalClock, FollowsAClockThatRunsFast) {
    ArrivalClock clock(64);
    Timestamp last{}, arrival{};
    for (int i = 0; i < 100'000; ++i) {
        arrival = Timestamp(std::int64_t{i} * 9'998);  // 200 ppm
        last = clock.stamp(arrival, kBlock).value();
    }
    EXPECT_NEAR(double((last - arrival).count()), 0, 1'000);
}

TEST(ArrivalClock, AGapMovesTheStampsForward) {
    ArrivalClock clock(64);
    EXPECT_EQ(clock.stamp(Timestamp(0), kBlock), Timestamp(0));
    EXPECT_EQ(clock.stamp(Timestamp(500'000), kBlock), Timestamp(500'000));
}

TEST(ArrivalClock, ABurstAfterAStallNeverStampsBackwards) {
    ArrivalClock clock(64);
    Timestamp last = clock.stamp(Timestamp(0), kBlock).value();
    int dropped = 0;
    for (int i = 0; i < 100; ++i) {  // all at once, half a second late
        const auto pts = clock.stamp(Timestamp(500'000), kBlock);
        if (!pts) {
            ++dropped;
            continue;
        }
        EXPECT_GT(*pts, last);
        last = *pts;
    }
    EXPECT_GT(dropped, 0);
    EXPECT_LE(last, Timestamp(500'000) + Timestamp(110'000));
}

}  // namespace
}  // namespace livepusher::capture
