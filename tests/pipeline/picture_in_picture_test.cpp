// SPDX-License-Identifier: MIT
#include "fake_window.hpp"
#include "session_case.hpp"

#include <future>

namespace livepusher::testing {

using display::Happened;

class PictureInPictureTest : public SessionTest {
protected:
    std::unique_ptr<LivePusherContext> previewing(ContextOptions o, pipeline::Stages stages) {
        auto context = std::make_unique<LivePusherContext>(std::move(o), std::move(stages));
        context->startPreview(noting(scene_, "preview"));
        EXPECT_TRUE(journal().await("preview:ok"));
        return context;
    }
    std::unique_ptr<LivePusherContext> inAWindow(Properties p = pushing()) {
        return previewing(optionsWithWindow(scene_, std::move(p)), stagesWithWindow(scene_, desktop_));
    }
    /// "ok" or why not.
    std::string outcome(void (LivePusherContext::*method)(CallOptions), LivePusherContext& context) {
        std::promise<std::string> told;
        (context.*method)({.complete = [&](const MethodResult& r) { told.set_value(r.errMsg); }});
        const auto text = told.get_future().get();
        return text.substr(text.find(':') + 1);
    }
    std::string enter(LivePusherContext& context) { return outcome(&LivePusherContext::enterPictureInPicture, context); }
    std::string exit(LivePusherContext& context) { return outcome(&LivePusherContext::exitPictureInPicture, context); }

    const std::shared_ptr<Desktop> desktop_ = std::make_shared<Desktop>(scene_.journal);
};

TEST_F(PictureInPictureTest, TheWindowFloatsAndComesBackEachWithItsEvent) {
    const auto context = inAWindow();
    EXPECT_EQ(enter(*context), "ok");
    EXPECT_TRUE(journal().await("entered"));
    EXPECT_EQ(journal().seen("window floats"), 1U);
    EXPECT_EQ(enter(*context), "fail the preview is in picture-in-picture already");
    EXPECT_EQ(exit(*context), "ok");
    EXPECT_TRUE(journal().await("left"));
    EXPECT_EQ(journal().seen("window as before"), 1U);
    EXPECT_EQ(exit(*context), "fail the preview is not in picture-in-picture");
    EXPECT_EQ(enter(*context), "ok");
    EXPECT_TRUE(journal().await("entered", 2));
}

TEST_F(PictureInPictureTest, NeedsAPreview) {
    LivePusherContext context(optionsWithWindow(scene_), stagesWithWindow(scene_, desktop_));
    context.enterPictureInPicture(noting(scene_, "enter"));
    EXPECT_TRUE(journal().await("enter:fail 20002"));
    start(context);
    context.stopPreview();
    EXPECT_EQ(enter(context), "fail there is no preview; start() or startPreview() first");
}

TEST_F(PictureInPictureTest, WithoutAWindowTheApplicationThatDrawsThePicturesHearsTheEvents) {
    auto o = optionsWithWindow(scene_);
    o.window.enabled = false;
    o.handlers.onPreviewFrame = [](const VideoFrame&) {};
    const auto context = previewing(std::move(o), fakeStages(scene_));
    EXPECT_EQ(enter(*context), "ok");
    EXPECT_TRUE(journal().await("entered"));
    EXPECT_EQ(exit(*context), "ok");
    EXPECT_TRUE(journal().await("left"));
}

TEST_F(PictureInPictureTest, WhereNothingShowsThePreviewItFailsAndSaysWhatIsMissing) {
    auto o = optionsWithWindow(scene_);
    o.window.enabled = false;
    const auto context = previewing(o, stagesWithWindow(scene_, desktop_));
    EXPECT_EQ(enter(*context),
              "fail nothing shows the preview: turn ContextOptions::window on, or draw the pictures of onPreviewFrame");
    journal().clear();
    const auto bare = previewing(o, fakeStages(scene_));
    EXPECT_EQ(enter(*bare),
              "fail this build has no preview window (CMake: LIVEPUSHER_WITH_SDL), and nothing draws the pictures "
              "of onPreviewFrame");
    EXPECT_EQ(journal().seen("entered"), 0U);
}

TEST_F(PictureInPictureTest, WithoutADesktopItFailsWithTheReason) {
    desktop_->openError = {Code::NotAvailable, "no desktop"};
    const auto context = inAWindow();
    EXPECT_EQ(enter(*context), "fail no desktop");
    EXPECT_EQ(journal().seen("entered"), 0U);
}

TEST_F(PictureInPictureTest, AChangeThatTheDesktopRefusesLeavesEverythingAsItWas) {
    const auto context = inAWindow();
    desktop_->formError = {Code::NotAvailable, "no such form"};
    EXPECT_EQ(enter(*context), "fail no such form");
    EXPECT_EQ(exit(*context), "fail the preview is not in picture-in-picture");
    EXPECT_EQ(journal().seen("entered"), 0U);
}

TEST_F(PictureInPictureTest, ClosingTheSmallWindowLeavesIt) {
    const auto context = inAWindow();
    ASSERT_EQ(enter(*context), "ok");
    desktop_->happens = Happened::Closed;
    EXPECT_TRUE(journal().await("left"));
    EXPECT_EQ(enter(*context), "ok") << "and it can be entered again, in a new window";
    EXPECT_EQ(journal().seen("window me 360x640"), 2U);
}

TEST_F(PictureInPictureTest, StopLeavesItAndTheNextPreviewBeginsAsUsual) {
    const auto context = inAWindow();
    ASSERT_EQ(enter(*context), "ok");
    context->stop();
    EXPECT_TRUE(journal().await("left"));
    EXPECT_TRUE(journal().await("window gone"));
    context->startPreview(noting(scene_, "again"));
    EXPECT_TRUE(journal().await("window me 360x640", 2));
    EXPECT_EQ(exit(*context), "fail the preview is not in picture-in-picture");
}

TEST_F(PictureInPictureTest, StopOvertakesAChangeThatTheDesktopIsSlowWith) {
    std::promise<void> gate;
    desktop_->onForm = [&, opened = gate.get_future().share()] {
        journal().note("form waits");
        opened.wait();
    };
    auto context = inAWindow();
    context->enterPictureInPicture(noting(scene_, "enter"));
    ASSERT_TRUE(journal().await("form waits"));
    EXPECT_EQ(enter(*context), "fail the last change of picture-in-picture is still under way");
    context->stop(noting(scene_, "stop"));
    ASSERT_TRUE(journal().await("stop:ok"));
    EXPECT_TRUE(journal().await("enter:fail 20004"));
    gate.set_value();
    EXPECT_TRUE(journal().await("window gone"));
    context.reset();
    EXPECT_EQ(journal().seen("enter:complete"), 1U);
    EXPECT_EQ(journal().seen("entered"), 0U);
}

TEST_F(PictureInPictureTest, ItIsEnteredWhenTheHostNavigatesInAWayThatThePropertyHas) {
    auto p = pushing();
    p.pictureInPictureMode = {PictureInPictureEvent::push};
    const auto context = inAWindow(p);
    context->hostNavigated(PictureInPictureEvent::pop, noting(scene_, "pop"));
    ASSERT_TRUE(journal().await("pop:ok"));
    EXPECT_EQ(journal().seen("window floats"), 0U);
    context->hostNavigated(PictureInPictureEvent::push, noting(scene_, "push"));
    ASSERT_TRUE(journal().await("push:ok"));
    EXPECT_TRUE(journal().await("entered"));
    context->hostNavigated(PictureInPictureEvent::push, noting(scene_, "deeper"));
    EXPECT_TRUE(journal().await("deeper:ok")) << "it is there already";
    context->setProperty("pictureInPictureMode", "");
    EXPECT_EQ(exit(*context), "ok");
    context->hostNavigated(PictureInPictureEvent::push, noting(scene_, "off"));
    ASSERT_TRUE(journal().await("off:ok"));
    EXPECT_EQ(journal().seen("entered"), 1U);
}

}  // namespace livepusher::testing
