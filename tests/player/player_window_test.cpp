// SPDX-License-Identifier: MIT
#include "fake_desktop.hpp"
#include "player_case.hpp"

namespace livepusher::playback::test {
namespace {

using livepusher::testing::Desktop;
using livepusher::testing::Journal;

class PlayerWindowTest : public PlayerCase {
protected:
    ~PlayerWindowTest() override { player.reset(); }  // before what its window and handlers use
    void playInAWindow() {
        options.window = {.enabled = true, .title = "me"};
        change = [this](PlayerStages& stages) { stages.window = livepusher::testing::windowsOn(desktop_); };
        withFrames = false;
        options.handlers.onEnterPictureInPicture = [this] { journal_.note("entered"); };
        options.handlers.onLeavePictureInPicture = [this] { journal_.note("left"); };
        options.handlers.onFullScreenChange = [this](const FullScreenChangeEvent& e) {
            journal_.note(e.fullScreen ? "full screen" : "full screen left");
        };
        options.handlers.onWindowClosed = [this] { journal_.note("closed"); };
        play({Script::of(coded(250))});
        ASSERT_EQ(start().errMsg, "start:ok");
        ASSERT_TRUE(journal_.await("window me 160x96"));
    }

    Journal journal_;
    const std::shared_ptr<Desktop> desktop_ = std::make_shared<Desktop>(journal_);
};

TEST_F(PlayerWindowTest, TheWindowShowsThePicturesUntilStopTakesItAway) {
    ASSERT_NO_FATAL_FAILURE(playInAWindow());
    const auto begun = journal_.holding("window shows");
    EXPECT_TRUE(journal_.awaitHolding("window shows", begun + 20));
    stop();
    EXPECT_TRUE(journal_.await("window gone"));
}

TEST_F(PlayerWindowTest, AWindowThatTheUserClosesIsToldAndPlayingGoesOn) {
    ASSERT_NO_FATAL_FAILURE(playInAWindow());
    EXPECT_EQ(journal_.seen("closed"), 0U);
    desktop_->happens = display::Happened::Closed;
    EXPECT_TRUE(journal_.await("closed"));
    EXPECT_EQ(player->state(), PlayerState::Playing);
    stop();
    EXPECT_EQ(journal_.seen("closed"), 1U) << "stop() takes it away without a word";
}

TEST_F(PlayerWindowTest, TheHostsNavigationEntersPictureInPictureAgainWhenTheUserHasClosedTheSmallWindow) {
    options.properties.pictureInPictureMode = {PictureInPictureEvent::push};
    ASSERT_NO_FATAL_FAILURE(playInAWindow());
    const auto navigate = [this] {
        return outcome([&](CallOptions o) { player->hostNavigated(PictureInPictureEvent::push, std::move(o)); }).errMsg;
    };
    EXPECT_EQ(navigate(), "hostNavigated:ok");
    EXPECT_TRUE(journal_.await("entered"));
    EXPECT_EQ(player->state(), PlayerState::Playing);
    EXPECT_EQ(navigate(), "hostNavigated:ok") << "it is there already";
    EXPECT_EQ(journal_.seen("window floats"), 1U);
    desktop_->happens = display::Happened::Closed;
    EXPECT_TRUE(journal_.await("left"));
    EXPECT_EQ(navigate(), "hostNavigated:ok");
    EXPECT_TRUE(journal_.await("entered", 2));
}

TEST_F(PlayerWindowTest, InTheBackgroundPicturesComeOnlyInTheSmallWindow) {
    ASSERT_NO_FATAL_FAILURE(playInAWindow());
    outcome([&](CallOptions o) { player->enterPictureInPicture(std::move(o)); });
    outcome([&](CallOptions o) { player->enterBackground(std::move(o)); });
    const auto small = journal_.holding("window shows");
    EXPECT_TRUE(journal_.awaitHolding("window shows", small + 20));
    outcome<FullScreenOptions>([&](FullScreenOptions o) { player->requestFullScreen(std::move(o)); });
    EXPECT_TRUE(journal_.await("left"));
    pass(std::chrono::seconds(1));  // what was decoded before is shown still
    const auto full = journal_.holding("window shows");
    pass(std::chrono::seconds(2));
    EXPECT_LE(journal_.holding("window shows"), full + 1);
}

TEST_F(PlayerWindowTest, WhatStopLeavesOnTheScreenCanBeLeftAfterwards) {
    ASSERT_NO_FATAL_FAILURE(playInAWindow());
    outcome<FullScreenOptions>([&](FullScreenOptions o) { player->requestFullScreen(std::move(o)); });
    EXPECT_TRUE(journal_.await("full screen"));
    outcome<StopPlayOptions>([&](StopPlayOptions o) {
        o.clearLastFrame = false;
        player->stop(std::move(o));
    });
    EXPECT_EQ(player->state(), PlayerState::Idle);
    EXPECT_EQ(journal_.seen("full screen left"), 0U);
    EXPECT_EQ(outcome([&](CallOptions o) { player->exitFullScreen(std::move(o)); }).errMsg, "exitFullScreen:ok");
    EXPECT_TRUE(journal_.await("full screen left"));
    EXPECT_EQ(journal_.seen("window gone"), 0U);
}

}  // namespace
}  // namespace livepusher::playback::test
