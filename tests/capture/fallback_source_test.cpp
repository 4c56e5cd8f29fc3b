// SPDX-License-Identifier: MIT
#include "fallback_case.hpp"

namespace livepusher::capture {
namespace {

TEST_F(FallbackSourceTest, AGoodSourceGoesOutAndNothingElseIsOpened) {
    make();
    main_.level = 0.25F;
    const auto format = start();
    ASSERT_TRUE(format);
    EXPECT_EQ(format->description, "a fake of 100");
    EXPECT_TRUE(lane_.seen(kMain));
    EXPECT_TRUE(lane_.heard(0.25F));
    EXPECT_EQ(standby_.made, 0);
    EXPECT_EQ(lane_.count("200"), 0);
}

TEST_F(FallbackSourceTest, WhatGivesNothingIsStoodInForWithItsSoundAndComesBack) {
    make();
    standby_.level = 0.75F;
    ASSERT_TRUE(start());
    ASSERT_TRUE(lane_.seen(kMain));
    main_.gives = false;
    ASSERT_TRUE(lane_.told("20020 main: no picture for 2.0 s; standby goes out"));
    EXPECT_TRUE(lane_.told("cut to 200"));
    EXPECT_TRUE(lane_.heard(0.75F));
    EXPECT_LT(lane_.longestGap(), 2500ms);
    main_.gives = true;
    const auto back = now();
    ASSERT_TRUE(lane_.told("20021 main: goes out again"));
    EXPECT_LT(lane_.at("20021") - back, 1s);
    EXPECT_TRUE(lane_.told("cut to 100"));
    EXPECT_TRUE(lane_.heard(0.5F));
    EXPECT_EQ(main_.made, 1) << "it runs on";
    EXPECT_EQ(lane_.count("cut"), 2);
}

TEST_F(FallbackSourceTest, OneThatFailsIsMadeAgainAndToldOnce) {
    make();
    ASSERT_TRUE(start());
    ASSERT_TRUE(lane_.seen(kMain));
    main_.opens = false;
    main_.fails = true;
    ASSERT_TRUE(lane_.told("20005 it broke off"));
    ASSERT_TRUE(lane_.seen(kStandby));
    ASSERT_TRUE(comes([&] { return main_.starts >= 5; }));
    EXPECT_EQ(lane_.count("1009"), 1);
    EXPECT_EQ(lane_.count("20005"), 1);
    EXPECT_EQ(lane_.count("failed"), 0) << "the lane would give it up";
    main_.fails = false;
    main_.opens = true;
    ASSERT_TRUE(lane_.told("1010"));
    ASSERT_TRUE(lane_.told("20021"));
    EXPECT_TRUE(lane_.seen(kMain));
    EXPECT_GE(main_.made, 5);
}

TEST_F(FallbackSourceTest, WhatIsNotThereAtTheStartBeginsWithTheFallback) {
    make();
    main_.opens = false;
    const auto format = start();
    ASSERT_TRUE(format);
    EXPECT_EQ(format->description, "") << "as WantedVideo::waits has it";
    ASSERT_TRUE(lane_.told("20005 it can't be opened; it is opened again and again"));
    EXPECT_EQ(lane_.count("1009"), 0) << "it was never there";
    ASSERT_TRUE(lane_.seen(kStandby));
    main_.opens = true;
    ASSERT_TRUE(lane_.told("1003 a fake of 100"));
    EXPECT_TRUE(lane_.seen(kMain));
}

TEST_F(FallbackSourceTest, AStartThatHangsIsAnsweredInTime) {
    make();
    main_.hangs = true;
    const auto asked = now();
    const auto format = start();
    ASSERT_TRUE(format);
    EXPECT_EQ(format->description, "");
    EXPECT_LE(now() - asked, 4100ms) << "2 s for each end";
    EXPECT_TRUE(lane_.seen(kStandby));
}

TEST_F(FallbackSourceTest, AnEndIsFollowedAtOnce) {
    make();
    ASSERT_TRUE(start());
    ASSERT_TRUE(lane_.seen(kMain));
    main_.ends = 1;
    ASSERT_TRUE(lane_.told("20020 main: it has ended; standby goes out"));
    EXPECT_TRUE(lane_.seen(kStandby));
    EXPECT_EQ(lane_.count("ended"), 0);
    EXPECT_LT(lane_.longestGap(), 200ms);
    EXPECT_EQ(main_.made, 1) << "a file that has ended is not played again";
}

TEST_F(FallbackSourceTest, APipeIsOpenedAgainAfterItsEnd) {
    make();
    pipe_ = true;
    ASSERT_TRUE(start());
    ASSERT_TRUE(lane_.seen(kMain));
    main_.ends = 2;
    ASSERT_TRUE(lane_.seen(kStandby));
    EXPECT_TRUE(lane_.told("20021"));
    EXPECT_TRUE(lane_.seen(kMain));
    EXPECT_EQ(main_.made, 3);
}

TEST_F(FallbackSourceTest, AnEndThatNoRuleNamesEndsIt) {
    make({FallbackOn::lost});
    ASSERT_TRUE(start());
    ASSERT_TRUE(lane_.seen(kMain));
    main_.ends = 1;
    EXPECT_TRUE(lane_.told("ended"));
    EXPECT_EQ(lane_.count("20020"), 0);
}

TEST_F(FallbackSourceTest, AFailureThatNoRuleNamesFailsIt) {
    make({FallbackOn::black});
    ASSERT_TRUE(start());
    ASSERT_TRUE(lane_.seen(kMain));
    main_.fails = true;
    EXPECT_TRUE(lane_.told("failed it broke off"));
}

TEST_F(FallbackSourceTest, BlackFrozenAndSilentAreSeenAndHeard) {
    using enum FallbackOn;
    make({black, frozen, silent});
    ASSERT_TRUE(start());
    ASSERT_TRUE(lane_.seen(kMain));
    main_.luma = 16;
    ASSERT_TRUE(lane_.told("20020 main: a black picture for 2.0 s"));
    ASSERT_TRUE(lane_.seen(kStandby));
    main_.luma = kMain;
    ASSERT_TRUE(lane_.told("20021"));
    main_.moves = false;
    ASSERT_TRUE(lane_.told("20020 main: the same picture for 2.0 s"));
    main_.moves = true;
    ASSERT_TRUE(lane_.seen(kMain));
    main_.level = 0;
    ASSERT_TRUE(lane_.told("20020 main: silence for 2.0 s"));
    main_.level = 0.5F;
    ASSERT_TRUE(lane_.seen(kMain));
    EXPECT_LT(lane_.longestGap(), 500ms) << "the source goes out until the other is there";
}

TEST_F(FallbackSourceTest, AStandbyWithoutSoundIsSilent) {
    make();
    standby_.hasSound = false;
    ASSERT_TRUE(start());
    ASSERT_TRUE(lane_.seen(kMain));
    main_.gives = false;
    ASSERT_TRUE(lane_.seen(kStandby));
    EXPECT_EQ(lane_.count("20022"), 0);
    EXPECT_EQ(standby_.made, 1);
}

TEST_F(FallbackSourceTest, AStandbyThatCantBeOpenedIsToldAndTriedAgain) {
    make();
    standby_.opens = false;
    ASSERT_TRUE(start());
    ASSERT_TRUE(lane_.seen(kMain));
    main_.gives = false;
    ASSERT_TRUE(lane_.told("20022 fallback: it can't be opened"));
    ASSERT_TRUE(comes([&] { return standby_.starts >= 3; }));
    EXPECT_EQ(lane_.count("20022"), 1);
    EXPECT_EQ(lane_.count("20020"), 0) << "it is not out";
    standby_.opens = true;
    EXPECT_TRUE(lane_.told("20020"));
}

TEST_F(FallbackSourceTest, WhereBothAreOverItEnds) {
    make();
    standby_.opens = false;
    ASSERT_TRUE(start());
    ASSERT_TRUE(lane_.seen(kMain));
    main_.ends = 1;
    EXPECT_TRUE(lane_.told("20022"));
    EXPECT_TRUE(lane_.told("ended"));
}

TEST_F(FallbackSourceTest, APauseStopsBothAndBeginsAnew) {
    make();
    ASSERT_TRUE(start());
    ASSERT_TRUE(lane_.seen(kMain));
    main_.gives = false;
    ASSERT_TRUE(lane_.seen(kStandby));
    pair_.video->stop();
    pair_.audio->stop();
    EXPECT_EQ(lane_.count("20021"), 1) << "each change is told";
    ASSERT_TRUE(comes([&] { return main_.running == 0 && standby_.running == 0; }));
    main_.gives = true;
    lane_.forget();
    EXPECT_TRUE(start());
    EXPECT_EQ(main_.made, 1) << "a file goes on where it was";
}

TEST_F(FallbackSourceTest, ItStopsWhileEverythingHangs) {
    make();
    main_.hangs = standby_.hangs = true;
    const auto format = start();
    ASSERT_TRUE(format);
    ASSERT_TRUE(comes([&] { return standby_.starts == 1; }));
}

}  // namespace
}  // namespace livepusher::capture
