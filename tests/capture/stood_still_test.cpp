// SPDX-License-Identifier: MIT
#include "capture/stood_still.hpp"

#include <gtest/gtest.h>

namespace livepusher::capture {
namespace {

constexpr Timestamp ms(std::int64_t count) { return Timestamp(count * 1000); }

TEST(StoodStillTest, AWaitThatIsInTimeOrALittleLateMissesNothing) {
    StoodStill stoodStill;
    EXPECT_EQ(stoodStill.missed(ms(1000), ms(900)), Timestamp{}) << "woken before";
    EXPECT_EQ(stoodStill.missed(ms(1000), ms(1001)), Timestamp{});
    EXPECT_EQ(stoodStill.missed(ms(1000), ms(2000)), Timestamp{}) << "a busy machine";
}

TEST(StoodStillTest, OneThatEndsFarTooLateTellsHowLongTheProcessStood) {
    StoodStill stoodStill;
    EXPECT_EQ(stoodStill.missed(ms(1000), ms(90'000)), ms(89'000));
}

TEST(StoodStillTest, AStandstillThatSeveralThreadsWaitedThroughCountsOnce) {
    StoodStill stoodStill;
    EXPECT_EQ(stoodStill.missed(ms(1000), ms(6000)), ms(5000));
    EXPECT_EQ(stoodStill.missed(ms(1010), ms(6001)), Timestamp{});
    EXPECT_EQ(stoodStill.missed(ms(6020), ms(9020)), ms(3000)) << "another";
}

TEST(StoodStillTest, WhileOneThreadGoesOnAnotherThatGetsNoCpuMeansNothing) {
    StoodStill stoodStill;
    for (std::int64_t at = 1000; at < 4000; at += 20) EXPECT_EQ(stoodStill.missed(ms(at), ms(at + 1)), Timestamp{});
    EXPECT_EQ(stoodStill.missed(ms(1000), ms(4000)), Timestamp{});
}

}  // namespace
}  // namespace livepusher::capture
