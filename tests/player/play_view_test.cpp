// SPDX-License-Identifier: MIT
#include "playback/play_view.hpp"

#include "play_view_case.hpp"

#include "corners.hpp"
#include "letters.hpp"

namespace livepusher::playback {
namespace {

using display::Happened;

class PlayViewTest : public PlayViewCase {};

TEST_F(PlayViewTest, TheWindowOpensWithTheFirstPictureInItsSizeAndShowsIt) {
    make(handlers());
    on([this] { view_->open(); });
    EXPECT_EQ(journal_.holding("window"), 0U);
    view_->show(picture(100, 640, 360));
    EXPECT_TRUE(journal_.await("window me 640x360"));
    EXPECT_TRUE(journal_.await("window shows 100")) << "without a second picture";
    view_->show(picture(101, 320, 240));
    EXPECT_TRUE(journal_.await("window shows 101"));
    EXPECT_EQ(journal_.holding("window me"), 1U);
    EXPECT_EQ(desktop_->shown().layout, display::PictureLayout{});
}

TEST_F(PlayViewTest, APictureBeforeOpenOrAfterCloseIsNotShown) {
    make(withFrames());
    view_->show(picture(100));
    on([this] { view_->open(); });
    view_->show(picture(101));
    ASSERT_TRUE(journal_.await("handler 101 320x180"));
    on([this] { view_->close(false); });
    view_->show(picture(102));
    on([this] { view_->open(); });
    view_->show(picture(103));
    EXPECT_TRUE(journal_.await("handler 103 320x180"));
    EXPECT_EQ(journal_.holding("100"), 0U);
    EXPECT_EQ(journal_.holding("102"), 0U);
}

TEST_F(PlayViewTest, CloseTakesTheWindowAndItsPictureAwayOrLeavesBoth) {
    makePlaying(handlers());
    on([this] { view_->close(false); });
    EXPECT_EQ(view_->lastShown().plane(0)[0], 100);
    EXPECT_EQ(fill(), "ok") << "it can still be looked at";
    on([this] { view_->open(); });
    view_->show(picture(101));
    ASSERT_TRUE(journal_.await("window shows 101"));
    EXPECT_EQ(journal_.seen("window gone"), 0U);
    EXPECT_EQ(journal_.seen("full screen left 0"), 0U);
    on([this] { view_->close(true); });
    EXPECT_TRUE(journal_.await("window gone"));
    EXPECT_TRUE(journal_.await("full screen left 0"));
    EXPECT_FALSE(view_->lastShown());
    on([this] { view_->open(); });
    view_->show(picture(102));
    EXPECT_TRUE(journal_.await("window me 320x180", 2));
}

TEST_F(PlayViewTest, TheUsersClosingTheWindowIsToldAndTheNextOpenBringsItBack) {
    makePlaying(handlers());
    desktop_->happens = Happened::Closed;
    EXPECT_TRUE(journal_.await("closed by the user"));
    view_->show(picture(101));
    on([] {});
    EXPECT_EQ(journal_.seen("window me 320x180"), 1U) << "the next picture doesn't bring it back";
    on([this] {
        view_->close(true);
        view_->open();
    });
    view_->show(picture(102));
    EXPECT_TRUE(journal_.await("window me 320x180", 2));
    EXPECT_TRUE(journal_.await("window shows 102"));
}

TEST_F(PlayViewTest, WithoutTheOptionThereIsNoWindow) {
    make(withFrames(), false);
    EXPECT_TRUE(view_->watched());
    on([this] { view_->open(); });
    view_->show(picture(100));
    EXPECT_TRUE(journal_.await("handler 100 320x180"));
    EXPECT_EQ(journal_.holding("window"), 0U);
    end();
    make(handlers(), false);
    EXPECT_FALSE(view_->watched());
}

TEST_F(PlayViewTest, WhatCantBeHadIsRefused) {
    make(handlers(), true, false);
    const auto none = view_->check();
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, Code::NotAvailable);
    EXPECT_EQ(none.error().message,
              "this build has no player window (CMake: LIVEPUSHER_WITH_SDL); turn window.enabled off, and draw the pictures of "
              "onVideoFrame");
}

TEST_F(PlayViewTest, ASlowWindowHoldsUpNeitherTheShowingNorTheHandler) {
    std::promise<void> gate;
    desktop_->onShow = [&, opened = gate.get_future().share()] {
        journal_.note("window waits");
        opened.wait();
    };
    make(withFrames());
    on([this] { view_->open(); });
    view_->show(picture(100));
    ASSERT_TRUE(journal_.await("window waits"));
    for (std::uint8_t n = 101; n <= 110; ++n) {
        view_->show(picture(n));
        ASSERT_TRUE(journal_.await("handler " + std::to_string(n) + " 320x180"));
    }
    EXPECT_EQ(journal_.seen("window waits"), 1U);
    gate.set_value();
    EXPECT_TRUE(journal_.await("window shows 110")) << "then the newest";
    EXPECT_EQ(journal_.seen("window shows 105"), 0U);
}

TEST_F(PlayViewTest, ASlowHandlerMissesPicturesAndHoldsNothingUp) {
    std::promise<void> gate;
    auto h = handlers();
    h.onVideoFrame = [&, opened = gate.get_future().share()](const VideoFrame& frame) {
        journal_.note("handler " + std::to_string(frame.plane(0)[0]));
        opened.wait();
    };
    make(std::move(h));
    on([this] { view_->open(); });
    view_->show(picture(100));
    ASSERT_TRUE(journal_.await("handler 100"));
    for (std::uint8_t n = 101; n <= 110; ++n) {
        view_->show(picture(n));
        ASSERT_TRUE(journal_.await("window shows " + std::to_string(n)));
    }
    gate.set_value();
    EXPECT_TRUE(journal_.await("handler 110"));
    EXPECT_EQ(journal_.holding("handler"), 2U);
}

TEST_F(PlayViewTest, ADesktopThatDoesNotAnswerDoesNotKeepTheView) {
    std::promise<void> gate;
    desktop_->onShow = [&, opened = gate.get_future().share()] {
        journal_.note("window waits");
        opened.wait();
    };
    make(handlers());
    on([this] { view_->open(); });
    view_->show(picture(100));
    ASSERT_TRUE(journal_.await("window waits"));
    end();
    EXPECT_EQ(journal_.seen("window gone"), 0U);
    gate.set_value();
    EXPECT_TRUE(journal_.await("window gone"));
    const std::weak_ptr<Desktop> held = desktop_;
    while (held.use_count() > 1) std::this_thread::yield();  // its thread has let go of everything
}

TEST_F(PlayViewTest, TheLayoutFollowsThePropertiesAlsoWhileNoPictureComes) {
    makePlaying(withFrames());
    ASSERT_TRUE(journal_.await("handler 100 320x180"));
    PlayerProperties p;
    p.objectFit = ObjectFit::fillCrop;
    on([&] { view_->follow(p); });
    ASSERT_TRUE(journal_.await("window shows 100", 2));
    EXPECT_EQ(desktop_->shown().layout, (display::PictureLayout{ObjectFit::fillCrop, Rotation::None}));
    p.orientation = Orientation::horizontal;
    on([&] { view_->follow(p); });
    ASSERT_TRUE(journal_.await("window shows 100", 3));
    EXPECT_EQ(desktop_->shown().layout, (display::PictureLayout{ObjectFit::fillCrop, Rotation::Cw270}));
    EXPECT_EQ(desktop_->shown().frame.width(), 320) << "turned by the window: nothing is copied";
    EXPECT_TRUE(journal_.await("handler 200 180x320")) << "turned for the handler";
    on([&] { view_->follow(p); });
    view_->show(picture(101));
    ASSERT_TRUE(journal_.await("window shows 101"));
    EXPECT_EQ(journal_.seen("window shows 100"), 3U) << "no change draws nothing";
}

TEST_F(PlayViewTest, TheWindowOfATurnedPictureOpensInItsShape) {
    make(handlers());
    PlayerProperties p;
    p.orientation = Orientation::horizontal;
    on([&] {
        view_->follow(p);
        view_->open();
    });
    view_->show(picture(100));
    EXPECT_TRUE(journal_.await("window me 180x320"));
}

TEST_F(PlayViewTest, DebugWritesTheStatisticsOverTheWindowsPictureAlone) {
    makePlaying(withFrames());
    PlayerProperties p;
    p.debug = true;
    PlayerNetStatus status;
    status.videoWidth = 320;
    status.videoHeight = 180;
    on([&] {
        view_->follow(p);
        view_->tell(PlayerState::Playing, status);
    });
    ASSERT_TRUE(journal_.await("window shows 37"));
    const auto seen = desktop_->shown();
    view_->show(picture(101));
    ASSERT_TRUE(journal_.await("handler 101 320x180")) << "as it is";
    EXPECT_EQ(view_->turned(view_->lastShown()).plane(0)[0], 101) << "nor in a snapshot";
    const auto drawn = journal_.holding("window shows");
    on([&] { view_->tell(PlayerState::Playing, status); });
    while (journal_.holding("window shows") <= drawn) std::this_thread::yield();
    EXPECT_EQ(livepusher::test::lettersOf(desktop_->shown().frame, 0, 15), "playing 320x180");
}

}  // namespace
}  // namespace livepusher::playback
