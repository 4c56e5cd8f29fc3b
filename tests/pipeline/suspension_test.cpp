// SPDX-License-Identifier: MIT
// Pause, background and interruption: what a viewer sees and hears meanwhile.
#include "session_case.hpp"

#include <future>

namespace livepusher::testing {

class SuspensionTest : public SessionTest {
protected:
    static Properties withImage() {
        auto p = pushing();
        p.waitingImage = "waiting.png";
        return p;
    }
    /// Sound that was on its way when something changed has gone by after this many of the other kind.
    void awaitMore(const std::string& what, std::size_t times = 10) {
        EXPECT_TRUE(journal().await(what, journal().seen(what) + times)) << what;
    }
    const std::string imageSeen = "luma " + std::to_string(kImageGrey);
    const std::string cameraSeen = "luma " + std::to_string(kCameraGrey);
    const std::string blackSeen = "luma 16";
};

TEST_F(SuspensionTest, APauseShowsTheWaitingImageAndResumeTheCamera) {
    LivePusherContext context(options(scene_, withImage()), fakeStages(scene_));
    start(context);
    ASSERT_TRUE(journal().await(cameraSeen));
    context.pause();
    EXPECT_TRUE(journal().await(imageSeen));
    EXPECT_EQ(scene_.liveSources, 0);
    context.resume();
    EXPECT_TRUE(journal().await(cameraSeen, 2));
    EXPECT_EQ(journal().seen("open"), 1U);
    EXPECT_EQ(journal().seen("load waiting.png"), 1U) << "loaded once, ahead of the pause";
    EXPECT_EQ(journal().seen("error 10004"), 0U);
}

TEST_F(SuspensionTest, AnImageThatCannotBeLoadedIsToldTwiceAndTheLastFrameServes) {
    scene_.onLoad = [](const Properties&, const std::atomic<bool>&) -> Result<VideoFrame> {
        return Error{Code::WaitingImageFailed, "waitingImage \"waiting.png\": no such file"};
    };
    LivePusherContext context(options(scene_, withImage()), fakeStages(scene_));
    start(context);
    EXPECT_TRUE(journal().await("error 10004"));
    EXPECT_TRUE(journal().await("10004"));
    ASSERT_TRUE(journal().await(cameraSeen));
    context.pause();
    EXPECT_TRUE(journal().await("error 10004", 2)) << "tried again when it is wanted";
    awaitMore("silence", 60);
    EXPECT_EQ(scene_.luma, kCameraGrey);
    EXPECT_EQ(context.state(), State::Paused);
}

TEST_F(SuspensionTest, AnImageSetWhilePausedIsShownAndOneTakenAwayLeavesTheLastPicture) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    start(context);
    ASSERT_TRUE(journal().await(cameraSeen));
    context.pause();
    context.setProperty("waiting-image", "later.jpg");
    EXPECT_TRUE(journal().await("load later.jpg"));
    EXPECT_TRUE(journal().await(imageSeen));
    context.setProperty("waitingImage", "");
    awaitMore("silence", 60);
    EXPECT_EQ(scene_.luma, kImageGrey);
}

TEST_F(SuspensionTest, ALoadThatHangsHoldsNothingUp) {
    scene_.onLoad = [](const Properties&, const std::atomic<bool>& cancelled) -> Result<VideoFrame> {
        while (!cancelled) std::this_thread::yield();
        return Error{Code::Cancelled, "cancelled"};
    };
    LivePusherContext context(options(scene_, withImage()), fakeStages(scene_));
    start(context);
    context.pause(noting(scene_, "pause"));
    EXPECT_TRUE(journal().await("pause:ok"));
    awaitMore("silence");
    context.stop(noting(scene_, "stop"));
    EXPECT_TRUE(journal().await("stop:ok"));
}

TEST_F(SuspensionTest, TheBackgroundShowsTheImageAndTheMicrophoneIsHeard) {
    LivePusherContext context(options(scene_, withImage()), fakeStages(scene_));
    start(context);
    ASSERT_TRUE(journal().await(cameraSeen));
    context.enterBackground(noting(scene_, "enter"));
    EXPECT_TRUE(journal().await("enter:ok"));
    EXPECT_TRUE(journal().await(imageSeen));
    awaitMore("sound");
    EXPECT_EQ(context.state(), State::Pushing);
    context.setProperty("backgroundMute", "true");
    awaitMore("silence");
    context.exitBackground(noting(scene_, "exit"));
    EXPECT_TRUE(journal().await("exit:ok"));
    EXPECT_TRUE(journal().await(cameraSeen, 2));
    awaitMore("sound");
}

TEST_F(SuspensionTest, AnInterruptionIsToldAndClosesCameraAndMicrophone) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    start(context);
    ASSERT_TRUE(journal().await(cameraSeen));
    context.beginInterruption(noting(scene_, "begin"));
    EXPECT_TRUE(journal().await("begin:ok"));
    EXPECT_EQ(journal().seen("5001"), 1U);
    awaitMore("silence", 20);
    EXPECT_EQ(scene_.liveSources, 0);
    context.endInterruption(noting(scene_, "end"));
    EXPECT_TRUE(journal().await("end:ok"));
    awaitMore("sound");
    EXPECT_EQ(journal().seen("open"), 1U);
}

TEST_F(SuspensionTest, WhatOverlapsEndsWithTheLastOfThem) {
    LivePusherContext context(options(scene_, withImage()), fakeStages(scene_));
    start(context);
    context.pause();
    context.enterBackground();
    context.beginInterruption();
    context.resume();
    context.endInterruption(noting(scene_, "end"));
    ASSERT_TRUE(journal().await("end:ok"));
    EXPECT_TRUE(journal().await(imageSeen));
    awaitMore("sound");
    EXPECT_EQ(scene_.luma, kImageGrey) << "still in the background";
    context.exitBackground();
    EXPECT_TRUE(journal().await(cameraSeen, 1));
}

TEST_F(SuspensionTest, APushThatBeginsInTheBackgroundShowsTheImageFirst) {
    LivePusherContext context(options(scene_, withImage()), fakeStages(scene_));
    context.enterBackground();
    start(context);
    EXPECT_TRUE(journal().await(imageSeen));
    EXPECT_EQ(journal().seen("1003"), 0U) << "the camera stays closed";
    context.exitBackground();
    EXPECT_TRUE(journal().await("1003"));
    EXPECT_TRUE(journal().await(cameraSeen));
}

TEST_F(SuspensionTest, APushThatBeginsInTheBackgroundWithoutAnImageIsBlackUntilThen) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    context.enterBackground();
    start(context);
    EXPECT_TRUE(journal().await(blackSeen));
}

TEST_F(SuspensionTest, ACameraThatIsSwitchedOffGivesPlaceToTheImage) {
    LivePusherContext context(options(scene_, withImage()), fakeStages(scene_));
    start(context);
    ASSERT_TRUE(journal().await(cameraSeen));
    context.update([](Properties& p) { p.enableCamera = false; });
    EXPECT_TRUE(journal().await(imageSeen));
    context.update([](Properties& p) { p.waitingImage.clear(); });
    EXPECT_TRUE(journal().await(blackSeen));
}

TEST_F(SuspensionTest, TheTimeLimitHoldsForTheBackgroundToo) {
    auto p = pushing();
    p.pauseTimeout = 1;
    LivePusherContext context(options(scene_, p), fakeStages(scene_));
    start(context);
    context.enterBackground();
    EXPECT_TRUE(journal().await("5000"));
    EXPECT_TRUE(journal().await("closed"));
    EXPECT_EQ(context.state(), State::Idle);
}

TEST_F(SuspensionTest, ASnapshotOfAPauseIsTheWaitingImageAndIsNotMirrored) {
    auto p = withImage();
    p.localMirror = LocalMirror::enable;
    LivePusherContext context(options(scene_, p), fakeStages(scene_));
    start(context);
    context.pause();
    ASSERT_TRUE(journal().await(imageSeen));
    std::promise<SnapshotResult> taken;
    context.snapshot(
        {.sourceType = SnapshotSource::view, .toFile = false, .success = [&](const SnapshotResult& r) { taken.set_value(r); }});
    const auto result = taken.get_future().get();
    ASSERT_TRUE(result.frame);
    EXPECT_EQ(result.frame.plane(0)[0], kImageGrey);
    EXPECT_EQ(result.frame.width(), 360);
    EXPECT_TRUE(result.tempImagePath.empty()) << "nothing was written";
}

}  // namespace livepusher::testing
