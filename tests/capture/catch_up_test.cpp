// SPDX-License-Identifier: MIT
#include "capture/file/catch_up.hpp"

#include <gtest/gtest.h>

namespace livepusher::capture {
namespace {

constexpr Timestamp ms(std::int64_t count) { return Timestamp(count * 1000); }

TEST(CatchUpTest, WhatIsInTimeIsShownAndNothingLeftOut) {
    CatchUp catchUp;
    for (std::int64_t at = 0; at < 10'000; at += 40) {
        const auto verdict = catchUp.decoded(ms(at % 120 - 60), ms(at));
        EXPECT_TRUE(verdict.show);
        EXPECT_FALSE(verdict.jump);
        EXPECT_FALSE(catchUp.hurries());
        catchUp.shown(ms(at));
    }
}

TEST(CatchUpTest, FirstWhatNoOtherNeedsIsLeftOutUntilAllIsCalmAgain) {
    CatchUp catchUp;
    catchUp.shown(ms(0));
    const auto verdict = catchUp.decoded(ms(200), ms(1000));
    EXPECT_TRUE(verdict.show);
    EXPECT_FALSE(verdict.jump);
    EXPECT_TRUE(catchUp.hurries());
    catchUp.decoded(ms(-20), ms(2000));
    EXPECT_TRUE(catchUp.hurries()) << "or it would be late again at once";
    catchUp.decoded(ms(-20), ms(4040));
    EXPECT_FALSE(catchUp.hurries());
}

TEST(CatchUpTest, ThenAllUpToAKeyFrame) {
    CatchUp catchUp;
    catchUp.shown(ms(0));
    const auto verdict = catchUp.decoded(ms(401), ms(500));
    EXPECT_FALSE(verdict.show);
    EXPECT_TRUE(verdict.jump);
    EXPECT_TRUE(catchUp.hurries());
}

TEST(CatchUpTest, ButOnePictureInTwoSecondsIsShownHoweverLate) {
    CatchUp catchUp;
    catchUp.shown(ms(0));
    EXPECT_FALSE(catchUp.decoded(ms(5000), ms(1999)).show);
    EXPECT_TRUE(catchUp.decoded(ms(5000), ms(2000)).show);
    catchUp.shown(ms(2000));
    EXPECT_FALSE(catchUp.decoded(ms(5000), ms(2100)).show);
}

TEST(CatchUpTest, TheFirstPictureOfAllIsShown) {
    CatchUp catchUp;
    const auto verdict = catchUp.decoded(ms(5000), ms(0));
    EXPECT_TRUE(verdict.show);
    EXPECT_FALSE(verdict.jump);
}

}  // namespace
}  // namespace livepusher::capture
