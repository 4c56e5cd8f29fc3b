// SPDX-License-Identifier: MIT
// What a push makes of a slow link. The rules themselves: rate_controller_test.cpp, size_ladder_test.cpp.
#include "session_case.hpp"
#include "slow_link.hpp"

namespace livepusher::testing {

class AdaptationTest : public SessionTest {
protected:
    AdaptationTest() {
        scene_.onStatistics = [this] { return slow_ ? link_() : rtmp::LinkStatistics{}; };
    }
    static Properties with(livepusher::Adaptation adaptation, Mode mode) {
        auto p = pushing();
        p.adaptation = adaptation;
        p.mode = mode;
        p.minBitrate = 200;
        p.maxBitrate = 1000;
        return p;
    }
    /// What adaptation would have told by then.
    void awaitSlowUplink() { ASSERT_TRUE(journal().await("1101")); }

    const SlowLink link_;
    std::atomic<bool> slow_{true};
};

TEST_F(AdaptationTest, LowersTheEncodersBitrateAndSaysSo) {
    LivePusherContext context(options(scene_, with(Adaptation::always, Mode::SD)), fakeStages(scene_));
    start(context);
    EXPECT_TRUE(journal().await("1006"));
    slow_ = false;  // frames come through again, and with them the bitrate reaches the encoder
    EXPECT_TRUE(journal().await("bitrate 920")) << "over so soon, it says little of what the link carries";
    EXPECT_EQ(scene_.sizes.size(), 1U) << "no new encoder";
    EXPECT_EQ(journal().seen("1002"), 1U);
}

TEST_F(AdaptationTest, SwitchedOffItLeavesTheBitrateAlone) {
    LivePusherContext context(options(scene_, with(Adaptation::off, Mode::RTC)), fakeStages(scene_));
    start(context);
    awaitSlowUplink();
    EXPECT_EQ(journal().seen("1006"), 0U);
    EXPECT_EQ(context.netStatus().videoWidth, 360);
}

TEST_F(AdaptationTest, SoundAloneHasNoBitrateToLower) {
    auto p = with(Adaptation::always, Mode::RTC);
    p.enableCamera = false;
    LivePusherContext context(options(scene_, p), fakeStages(scene_));
    start(context);
    awaitSlowUplink();
    EXPECT_EQ(journal().seen("1006"), 0U);
}

TEST_F(AdaptationTest, TheVendorsWayIsToAdaptInRtcOnly) {
    LivePusherContext live(options(scene_, with(Adaptation::rtc, Mode::SD)), fakeStages(scene_));
    start(live);
    awaitSlowUplink();
    EXPECT_EQ(journal().seen("1006"), 0U);
    live.stop(noting(scene_, "stop"));
    ASSERT_TRUE(journal().await("stop:ok"));

    journal().clear();
    LivePusherContext rtc(options(scene_, with(Adaptation::rtc, Mode::RTC)), fakeStages(scene_));
    start(rtc);
    EXPECT_TRUE(journal().await("1006"));
}

TEST_F(AdaptationTest, LeavesOutPicturesAndNoSoundUntilTheLinkHasCaughtUp) {
    LivePusherContext context(options(scene_, with(Adaptation::always, Mode::RTC)), fakeStages(scene_));
    start(context);
    awaitSlowUplink();
    EXPECT_TRUE(journal().await("netstatus", journal().seen("netstatus") + 1));
    const int frames = scene_.framesEncoded;
    ASSERT_TRUE(journal().await("audio key", journal().seen("audio key") + 50));
    EXPECT_LE(scene_.framesEncoded, frames + 1) << "one was perhaps on its way";
    EXPECT_EQ(context.netStatus().netQualityLevel, 5);
    slow_ = false;
    EXPECT_TRUE(journal().await("video delta", journal().seen("video delta") + 20));
}

TEST_F(AdaptationTest, OtherLimitsHoldAtOnce) {
    LivePusherContext context(options(scene_, with(Adaptation::always, Mode::RTC)), fakeStages(scene_));
    start(context);
    ASSERT_TRUE(journal().await("1006"));
    slow_ = false;
    ASSERT_TRUE(journal().await("bitrate 920"));
    context.setProperty("maxBitrate", "500");
    EXPECT_TRUE(journal().await("bitrate 500"));
    context.setProperty("adaptation", "off");
    context.setProperty("maxBitrate", "800");
    EXPECT_TRUE(journal().await("bitrate 800"));
}

TEST_F(AdaptationTest, AnotherPushBeginsAtTheTopAndAtTheFullSize) {
    LivePusherContext context(options(scene_, with(Adaptation::always, Mode::RTC)), fakeStages(scene_));
    start(context);
    ASSERT_TRUE(journal().await("1006"));
    context.stop(noting(scene_, "stop"));
    ASSERT_TRUE(journal().await("stop:ok"));
    slow_ = false;
    journal().clear();
    start(context);
    ASSERT_TRUE(journal().await("video delta", 20));
    EXPECT_EQ(scene_.bitrate, 1000);
    EXPECT_EQ(journal().seen("1006"), 0U);
}

}  // namespace livepusher::testing
