// SPDX-License-Identifier: MIT
#include "fake_window.hpp"
#include "letters.hpp"
#include "session_case.hpp"

#include <future>

namespace livepusher::testing {

using display::Happened;

class PreviewTest : public SessionTest {
protected:
    void startPreview(LivePusherContext& context) {
        context.startPreview(noting(scene_, "preview"));
        ASSERT_TRUE(journal().await("preview:ok"));
    }
    ContextOptions withHandler(ContextOptions o) {
        o.handlers.onPreviewFrame = [this](const VideoFrame& frame) {
            journal().note("handler " + std::to_string(frame.plane(0)[0]));
            auto line = test::lettersOf(frame, 0, 15);
            line.resize(line.find_last_not_of(' ') + 1);
            if (!line.empty()) journal().note("first line: " + line);
        };
        return o;
    }

    const std::shared_ptr<Desktop> desktop_ = std::make_shared<Desktop>(scene_.journal);
};

TEST_F(PreviewTest, AWindowShowsThePicturesFromStartToStop) {
    LivePusherContext context(optionsWithWindow(scene_), stagesWithWindow(scene_, desktop_));
    startPreview(context);
    EXPECT_TRUE(journal().await("window me 360x640"));
    EXPECT_TRUE(journal().await("window shows 100", 5));
    start(context);
    context.stop(noting(scene_, "stop"));
    ASSERT_TRUE(journal().await("stop:ok"));
    EXPECT_TRUE(journal().await("window gone"));
    EXPECT_EQ(journal().seen("window me 360x640"), 1U) << "start() keeps the preview's";
}

TEST_F(PreviewTest, WithoutTheOptionThereIsNoWindow) {
    LivePusherContext context(withHandler(options(scene_)), stagesWithWindow(scene_, desktop_));
    startPreview(context);
    EXPECT_TRUE(journal().await("handler 100", 3));
    EXPECT_EQ(journal().seen("window me 360x640"), 0U);
}

TEST_F(PreviewTest, StopPreviewClosesItWhileAPushGoesOnAndStartPreviewBringsItBack) {
    LivePusherContext context(optionsWithWindow(scene_), stagesWithWindow(scene_, desktop_));
    start(context);
    ASSERT_TRUE(journal().await("window shows 100"));
    context.stopPreview();
    EXPECT_TRUE(journal().await("window gone"));
    const auto frames = journal().seen("video delta");
    EXPECT_TRUE(journal().await("video delta", frames + 3));
    EXPECT_EQ(context.state(), State::Pushing);
    context.startPreview();
    EXPECT_TRUE(journal().await("window me 360x640", 2));
}

TEST_F(PreviewTest, APushOfSoundAloneOpensNoWindow) {
    auto p = pushing();
    p.enableCamera = false;
    LivePusherContext context(optionsWithWindow(scene_, p), stagesWithWindow(scene_, desktop_));
    start(context);
    context.stop(noting(scene_, "stop"));
    ASSERT_TRUE(journal().await("stop:ok"));
    EXPECT_EQ(journal().seen("window me 360x640"), 0U);
}

TEST_F(PreviewTest, AWindowThatTheUserClosesEndsNothingAndComesBackWithStartPreview) {
    LivePusherContext context(optionsWithWindow(scene_), stagesWithWindow(scene_, desktop_));
    start(context);
    ASSERT_TRUE(journal().await("window shows 100"));
    desktop_->happens = Happened::Closed;
    ASSERT_TRUE(journal().await("window gone"));
    context.update([](Properties& p) { p.gop = 3; }, noting(scene_, "update"));
    ASSERT_TRUE(journal().await("update:ok"));
    EXPECT_EQ(context.state(), State::Pushing);
    EXPECT_EQ(journal().seen("window me 360x640"), 1U) << "a change of properties doesn't bring it back";
    context.startPreview();
    EXPECT_TRUE(journal().await("window me 360x640", 2));
}

TEST_F(PreviewTest, TheMouseWheelZoomsWhereThePropertyAllowsItAndNeverBeyondTheCamera) {
    auto p = pushing();
    p.zoom = true;
    LivePusherContext context(optionsWithWindow(scene_, p), stagesWithWindow(scene_, desktop_));
    start(context);
    ASSERT_TRUE(journal().await("window shows 100"));
    desktop_->wheel = 2;
    EXPECT_TRUE(journal().await("zoom 1.21"));
    desktop_->wheel = 100;
    EXPECT_TRUE(journal().await("zoom 4.00"));
    desktop_->wheel = -100;
    EXPECT_TRUE(journal().await("zoom 1.00"));
    context.update([](Properties& q) { q.zoom = false; }, noting(scene_, "update"));
    ASSERT_TRUE(journal().await("update:ok"));
    desktop_->wheel = 5;
    while (desktop_->wheel != 0) std::this_thread::sleep_for(1ms);
    std::promise<void> later;
    context.getMaxZoom({.complete = [&](const MethodResult&) { later.set_value(); }});
    later.get_future().get();
    EXPECT_EQ(journal().seen("zoom 1.61"), 0U);
}

TEST_F(PreviewTest, ASlowWindowHoldsUpNeitherTheStreamNorTheHandler) {
    std::promise<void> gate;
    desktop_->onShow = [&, opened = gate.get_future().share()] {
        journal().note("window waits");
        opened.wait();
    };
    {
        LivePusherContext context(withHandler(optionsWithWindow(scene_)), stagesWithWindow(scene_, desktop_));
        start(context);
        ASSERT_TRUE(journal().await("window waits"));
        EXPECT_TRUE(journal().await("video delta", 30));
        EXPECT_TRUE(journal().await("handler 100", 10));
        EXPECT_EQ(journal().seen("window waits"), 1U);
        gate.set_value();
        EXPECT_TRUE(journal().await("window waits", 3)) << "then it is there again, with the newest picture";
    }
    EXPECT_EQ(journal().seen("window gone"), 1U);
}

TEST_F(PreviewTest, ASlowHandlerDoesNotHoldUpTheWindow) {
    std::promise<void> gate;
    auto o = optionsWithWindow(scene_);
    o.handlers.onPreviewFrame = [&, opened = gate.get_future().share()](const VideoFrame&) {
        journal().note("handler waits");
        opened.wait();
    };
    LivePusherContext context(std::move(o), stagesWithWindow(scene_, desktop_));
    startPreview(context);
    ASSERT_TRUE(journal().await("handler waits"));
    EXPECT_TRUE(journal().await("window shows 100", 10));
    gate.set_value();
}

TEST_F(PreviewTest, ADesktopThatDoesNotAnswerDoesNotKeepTheContext) {
    std::promise<void> gate;
    desktop_->onShow = [&, opened = gate.get_future().share()] {
        journal().note("window waits");
        opened.wait();
    };
    {
        LivePusherContext context(optionsWithWindow(scene_), stagesWithWindow(scene_, desktop_));
        startPreview(context);
        ASSERT_TRUE(journal().await("window waits"));
        context.stop(noting(scene_, "stop"));
        ASSERT_TRUE(journal().await("stop:ok")) << "nor does stop() wait";
    }
    EXPECT_EQ(journal().seen("window gone"), 0U);
    gate.set_value();
    EXPECT_TRUE(journal().await("window gone")) << "when the desktop is back, the window goes";
    std::weak_ptr<Desktop> window = desktop_;
    while (window.use_count() > 1) std::this_thread::yield();  // its thread has let go of everything
}

TEST_F(PreviewTest, ABuildWithoutAWindowRefusesToStartWithOne) {
    LivePusherContext context(optionsWithWindow(scene_), fakeStages(scene_));
    std::promise<std::string> why;
    context.startPreview({.fail = [&](const MethodResult& r) { why.set_value(r.errMsg); }});
    EXPECT_EQ(why.get_future().get(),
              "startPreview:fail this build has no preview window (CMake: LIVEPUSHER_WITH_SDL); turn window.enabled off, and "
              "draw the pictures of onPreviewFrame");
    context.start(noting(scene_, "start"));
    EXPECT_TRUE(journal().await("start:fail 20003"));
    EXPECT_EQ(context.state(), State::Idle);
}

TEST_F(PreviewTest, AWindowOfAnImpossibleSizeIsRefused) {
    auto o = optionsWithWindow(scene_);
    o.window.width = -1;
    LivePusherContext context(std::move(o), stagesWithWindow(scene_, desktop_));
    context.start(noting(scene_, "start"));
    EXPECT_TRUE(journal().await("start:fail 20001"));
}

TEST_F(PreviewTest, WithoutADesktopThePushAndTheHandlerGoOn) {
    desktop_->openError = {Code::NotAvailable, "no desktop"};
    LivePusherContext context(withHandler(optionsWithWindow(scene_)), stagesWithWindow(scene_, desktop_));
    start(context);
    EXPECT_TRUE(journal().await("handler 100", 3));
    EXPECT_EQ(context.state(), State::Pushing);
}

TEST_F(PreviewTest, ADesktopThatGoesAwayEndsNothing) {
    LivePusherContext context(optionsWithWindow(scene_), stagesWithWindow(scene_, desktop_));
    start(context);
    ASSERT_TRUE(journal().await("window shows 100"));
    context.enterPictureInPicture();
    ASSERT_TRUE(journal().await("entered"));
    desktop_->happens = Happened::Lost;
    EXPECT_TRUE(journal().await("window gone"));
    EXPECT_TRUE(journal().await("left"));
    context.enterPictureInPicture(noting(scene_, "enter"));
    EXPECT_TRUE(journal().await("enter:fail 20003"));
    EXPECT_EQ(context.state(), State::Pushing);
}

TEST_F(PreviewTest, AWindowWithoutMemoryEndsNothing) {
    desktop_->onShow = [] { throw std::bad_alloc(); };
    LivePusherContext context(optionsWithWindow(scene_), stagesWithWindow(scene_, desktop_));
    start(context);
    ASSERT_TRUE(journal().await("window gone"));
    context.enterPictureInPicture(noting(scene_, "enter"));
    EXPECT_TRUE(journal().await("enter:fail 20003"));
    EXPECT_EQ(context.state(), State::Pushing);
}

TEST_F(PreviewTest, DebugWritesTheStatisticsOverTheViewAndNeverOverThePushedPicture) {
    LivePusherContext context(withHandler(optionsWithWindow(scene_)), stagesWithWindow(scene_, desktop_));
    startPreview(context);
    ASSERT_TRUE(journal().await("window shows 100"));
    EXPECT_EQ(journal().seen("window shows 37"), 0U);
    context.setProperty("debug", "true");
    EXPECT_TRUE(journal().await("first line: previewing"));
    EXPECT_TRUE(journal().await("window shows 37", 3));
    EXPECT_TRUE(journal().await("handler 37", 3));
    start(context);
    EXPECT_TRUE(journal().await("first line: pushing 360x640"));
    EXPECT_TRUE(journal().await("video delta", 3));
    EXPECT_EQ(scene_.luma, kCameraGrey) << "what is pushed has no text";
    context.setProperty("debug", "false");
    const auto plain = journal().seen("window shows 100");
    EXPECT_TRUE(journal().await("window shows 100", plain + 3));
    setLogLevel(LogLevel::Warning);
}

TEST_F(PreviewTest, TheMirrorFollowsAChangeAtTheNextPicture) {
    auto p = pushing();
    p.localMirror = LocalMirror::disable;
    scene_.cameraHasCorner = true;
    LivePusherContext context(optionsWithWindow(scene_, p), stagesWithWindow(scene_, desktop_));
    startPreview(context);
    ASSERT_TRUE(journal().await("window shows 100", 3));
    EXPECT_EQ(journal().seen("window shows 55"), 0U);
    context.setProperty("localMirror", "auto");
    EXPECT_TRUE(journal().await("window shows 55", 3)) << "the front camera";
}

}  // namespace livepusher::testing
