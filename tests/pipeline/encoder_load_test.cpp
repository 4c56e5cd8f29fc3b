// SPDX-License-Identifier: MIT
#include "pipeline/encoder_load.hpp"

#include "session_case.hpp"

#include <future>

namespace livepusher::pipeline {
namespace {

using namespace std::chrono_literals;

/// What changed in so many frames of that cost.
std::vector<std::string> frames(EncoderLoad& load, std::chrono::milliseconds cost, int count) {
    std::vector<std::string> changes;
    for (int i = 0; i < count; ++i)
        if (const auto change = load.frame(cost, 25)) changes.push_back(change->text);
    return changes;
}

TEST(EncoderLoad, KeepsThePresetWhileThereIsTime) {
    EncoderLoad load;
    load.begin("veryfast");
    EXPECT_TRUE(frames(load, 25ms, 1000).empty());
    EXPECT_EQ(load.preset(), "veryfast");
    EXPECT_NEAR(load.percent(), 63, 1);
}

TEST(EncoderLoad, TakesAFasterPresetForEachSecondOfTooMuchAndThenSaysThatFramesAreLeftOut) {
    EncoderLoad load;
    load.begin("veryfast");
    const auto said = frames(load, 38ms, 200);
    ASSERT_EQ(said.size(), 3U);
    EXPECT_EQ(said[0], "encoding takes 94 % of the time from frame to frame: preset superfast in place of veryfast");
    EXPECT_NE(said[1].find("ultrafast in place of veryfast"), std::string::npos);
    EXPECT_NE(said[2].find("frames are left out"), std::string::npos);
    EXPECT_EQ(load.preset(), "ultrafast");
    EXPECT_EQ(frames(load, 38ms, 500).size(), 0U) << "once an episode";
}

TEST(EncoderLoad, GoesBackWhenThereHasBeenPlentyForTenSeconds) {
    EncoderLoad load;
    load.begin("superfast");
    frames(load, 38ms, 60);
    ASSERT_EQ(load.preset(), "ultrafast");
    EXPECT_TRUE(frames(load, 8ms, 200).empty());
    EXPECT_EQ(frames(load, 8ms, 100).size(), 1U);
    EXPECT_EQ(load.preset(), "superfast");
}

TEST(EncoderLoad, HasNothingFasterThanTheFastest) {
    EncoderLoad load;
    load.begin("ultrafast");
    EXPECT_EQ(frames(load, 60ms, 200).size(), 1U);
    EXPECT_EQ(load.preset(), "ultrafast");
}

}  // namespace
}  // namespace livepusher::pipeline

namespace livepusher::testing {

class EncoderLoadTest : public SessionTest {};

TEST_F(EncoderLoadTest, AnEncoderThatIsTooSlowGoesOnWithAFasterPresetWhichNetStatusTells) {
    scene_.encodingTakes = 30;  // of 16
    std::promise<NetStatus> told;
    auto o = options(scene_);
    o.handlers.onNetStatus = [&, done = false](const NetStatusEvent& e) mutable {
        if (e.info.videoPreset != "superfast" || std::exchange(done, true)) return;
        told.set_value(e.info);
    };
    LivePusherContext context(std::move(o), fakeStages(scene_));
    start(context);
    ASSERT_TRUE(journal().await("preset veryfast"));
    EXPECT_TRUE(journal().await("preset superfast"));
    auto status = told.get_future();
    ASSERT_EQ(status.wait_for(10s), std::future_status::ready);
    const auto info = status.get();
    EXPECT_GT(info.encodeLoad, 80);
    EXPECT_GT(info.videoDrop, 0U) << "frames are left out before the encoder";
    EXPECT_EQ(context.state(), State::Pushing);
    EXPECT_EQ(journal().seen("1107"), 0U);
}

TEST_F(EncoderLoadTest, HardwareThatIsThereTakesOverBeforeThePresetGetsWorse) {
    scene_.encodingTakes = 30;
    scene_.hardwareIsThere = true;
    LivePusherContext context(options(scene_), fakeStages(scene_));
    start(context);
    EXPECT_TRUE(journal().await("1107"));
    EXPECT_EQ(journal().seen("preset superfast"), 0U);
}

}  // namespace livepusher::testing
