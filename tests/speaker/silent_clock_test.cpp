// SPDX-License-Identifier: MIT
#include "speaker/silent_clock.hpp"

#include <gtest/gtest.h>

namespace livepusher::speaker {
namespace {

using namespace std::chrono_literals;

TEST(SilentClock, ABlockIsDueEachTenMillisecondsWithoutADriftInADay) {
    SilentClock clock;
    clock.begin(3s);
    EXPECT_EQ(clock.next(), 3s);
    constexpr int kDay = 24 * 3600 * 100;
    for (int i = 0; i < kDay; ++i) clock.taken();
    EXPECT_EQ(clock.next(), 3s + 24h);
}

TEST(SilentClock, OnlyWhatIsFarBehindHasStoodStill) {
    SilentClock clock;
    clock.begin(1s);
    EXPECT_FALSE(clock.stoodStill(0s));
    EXPECT_FALSE(clock.stoodStill(1500ms));
    EXPECT_TRUE(clock.stoodStill(1501ms));
    clock.begin(1501ms);
    EXPECT_FALSE(clock.stoodStill(1501ms));
    EXPECT_EQ(clock.next(), 1501ms);
}

}  // namespace
}  // namespace livepusher::speaker
