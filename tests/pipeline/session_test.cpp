// SPDX-License-Identifier: MIT
#include "session_case.hpp"

#include <future>

namespace livepusher::testing {

TEST_F(SessionTest, StartTellsEachStepAndConfigsGoFirst) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    start(context);
    EXPECT_EQ(context.state(), State::Pushing);
    for (const auto* code : {"1001", "1002", "1003", "1007", "1008"}) EXPECT_TRUE(journal().await(code)) << code;
    EXPECT_TRUE(journal().await("video delta", 5));
    EXPECT_TRUE(journal().await("sound", 5));
    EXPECT_TRUE(journal().await("netstatus", 2));
    const auto all = journal().all();
    const auto config = std::find(all.begin(), all.end(), "video config");
    EXPECT_LT(config, std::find(all.begin(), all.end(), "video key"));
}

TEST_F(SessionTest, EachCallbackComesOnceAndCompleteLast) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    start(context);
    context.start(noting(scene_, "again"));
    context.stop(noting(scene_, "stop"));
    ASSERT_TRUE(journal().await("stop:complete"));
    EXPECT_EQ(journal().seen("start:ok") + journal().seen("start:complete"), 2U);
    EXPECT_EQ(journal().seen("again:fail 20002"), 1U);
    EXPECT_EQ(context.state(), State::Idle);
    EXPECT_EQ(scene_.liveSources, 0);
}

TEST_F(SessionTest, TheServerHearsOfNoStreamBeforeTheSourcesAreOpen) {
    std::promise<void> opened;
    scene_.onCameraStart = [opening = opened.get_future().share()](const std::atomic<bool>&) { opening.wait(); };
    LivePusherContext context(options(scene_), fakeStages(scene_));
    context.start(noting(scene_, "start"));
    ASSERT_TRUE(journal().await("1001")) << "the connection is made meanwhile";
    EXPECT_EQ(journal().seen("publish"), 0U);
    EXPECT_EQ(context.state(), State::Connecting);
    opened.set_value();
    ASSERT_TRUE(journal().await("start:ok"));
    const auto all = journal().all();
    EXPECT_LT(std::find(all.begin(), all.end(), "publish"), std::find(all.begin(), all.end(), "1002"));
    EXPECT_TRUE(journal().await("video key"));
}

TEST_F(SessionTest, ASourceThatFailsAtStartIsNotPublished) {
    scene_.cameraError = {Code::CameraFailed, "busy"};
    LivePusherContext context(options(scene_), fakeStages(scene_));
    context.start(noting(scene_, "start"));
    ASSERT_TRUE(journal().await("start:fail -1301"));
    EXPECT_EQ(journal().seen("publish"), 0U);
    EXPECT_EQ(journal().seen("1002"), 0U);
}

TEST_F(SessionTest, AStopWhileASourceOpensPublishesNothing) {
    scene_.onCameraStart = [](const std::atomic<bool>& interrupted) {
        while (!interrupted) std::this_thread::yield();
    };
    LivePusherContext context(options(scene_), fakeStages(scene_));
    context.start(noting(scene_, "start"));
    ASSERT_TRUE(journal().await("1001"));
    context.stop(noting(scene_, "stop"));
    ASSERT_TRUE(journal().await("stop:ok"));
    EXPECT_TRUE(journal().await("start:fail 20004"));
    EXPECT_EQ(journal().seen("publish"), 0U);
}

TEST_F(SessionTest, APushThatBeginsInTheBackgroundWaitsForNoCamera) {
    scene_.onCameraStart = [this](const std::atomic<bool>&) { journal().note("camera"); };
    LivePusherContext context(options(scene_), fakeStages(scene_));
    context.enterBackground();
    start(context);
    EXPECT_TRUE(journal().await("publish"));
    EXPECT_EQ(journal().seen("camera"), 0U);
}

TEST_F(SessionTest, APushAfterAPreviewIsPublishedThoughNothingOpensAnyMore) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    context.startPreview(noting(scene_, "preview"));
    ASSERT_TRUE(journal().await("preview:ok"));
    start(context);
    EXPECT_EQ(journal().seen("publish"), 1U);
}

TEST_F(SessionTest, StopSendsWhatTheEncodersHoldAndClosesInOrder) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    start(context);
    ASSERT_TRUE(journal().await("video delta"));
    context.stop(noting(scene_, "stop"));
    ASSERT_TRUE(journal().await("stop:ok"));
    EXPECT_EQ(journal().seen("closed"), 1U);
    EXPECT_EQ(journal().seen("cancelled"), 0U);
}

TEST_F(SessionTest, APauseSendsStillPicturesAndSilenceAndResumeComesBackWithAKey) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    start(context);
    ASSERT_TRUE(journal().await("sound", 3));
    context.pause(noting(scene_, "pause"));
    ASSERT_TRUE(journal().await("pause:ok"));
    EXPECT_EQ(context.state(), State::Paused);
    EXPECT_TRUE(journal().await("silence", 10));
    const auto frames = scene_.framesEncoded.load();
    EXPECT_TRUE(journal().await("silence", 60));  // more than a second
    EXPECT_NEAR(scene_.framesEncoded - frames, 5, 3);
    EXPECT_EQ(scene_.liveSources, 0) << "camera and microphone are closed";
    const auto keys = journal().seen("video key");
    const auto sounds = journal().seen("sound");
    context.resume(noting(scene_, "resume"));
    EXPECT_TRUE(journal().await("sound", sounds + 3));
    EXPECT_TRUE(journal().await("video key", keys + 1));
    EXPECT_EQ(context.state(), State::Pushing);
    EXPECT_EQ(journal().seen("open"), 1U) << "the connection stays";
}

TEST_F(SessionTest, ALongPauseEndsThePushWith5000) {
    auto p = pushing();
    p.pauseTimeout = 1;
    LivePusherContext context(options(scene_, p), fakeStages(scene_));
    start(context);
    context.pause();
    EXPECT_TRUE(journal().await("5000"));
    EXPECT_TRUE(journal().await("closed"));
}

TEST_F(SessionTest, MethodsOutOfPlaceFailAndChangeNothing) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    context.pause(noting(scene_, "pause"));
    context.resume(noting(scene_, "resume"));
    context.stopPreview(noting(scene_, "stopPreview"));
    context.snapshot({.fail = [&](const MethodResult& r) { journal().note("snapshot:" + std::to_string(r.errCode)); }});
    context.stop(noting(scene_, "stop"));
    ASSERT_TRUE(journal().await("stop:ok"));
    for (const auto* what : {"pause:fail 20002", "resume:fail 20002", "stopPreview:fail 20002", "snapshot:20002"})
        EXPECT_TRUE(journal().await(what)) << what;
    EXPECT_EQ(context.state(), State::Idle);
}

TEST_F(SessionTest, ALiveChangeReachesTheEncoderWithoutANewStart) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    start(context);
    ASSERT_TRUE(journal().await("video key"));
    context.update([](Properties& p) { p.maxBitrate = 700; });
    EXPECT_TRUE(journal().await("bitrate 700"));
    EXPECT_EQ(journal().seen("video config"), 1U);
    context.update([](Properties& p) { p.orientation = Orientation::horizontal; });
    EXPECT_TRUE(journal().await("video config", 2));
    std::lock_guard lock(scene_.mutex);
    EXPECT_EQ(scene_.sizes.back(), (std::pair{640, 360}));
    EXPECT_EQ(journal().seen("open"), 1U) << "no reconnect";
}

TEST_F(SessionTest, ABadChangeIsRefusedWholeAndThePushGoesOn) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    start(context);
    std::promise<std::string> refused;
    context.update(
        [](Properties& p) {
            p.beauty = 3;
            p.fps = 99;
        },
        {.fail = [&](const MethodResult& r) { refused.set_value(r.errMsg); }});
    EXPECT_EQ(refused.get_future().get(), "update:fail fps \"99\": must be 1..60");
    EXPECT_EQ(context.properties().beauty, 0);
    context.update([](Properties& p) { p.mode = Mode::HD; }, noting(scene_, "mode"));
    EXPECT_TRUE(journal().await("mode:fail 20002"));
    EXPECT_EQ(context.state(), State::Pushing);
}

TEST_F(SessionTest, MuteGivesSilenceAndItsCode) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    start(context);
    ASSERT_TRUE(journal().await("sound"));
    context.setProperty("muted", "true");
    EXPECT_TRUE(journal().await("4999"));
    EXPECT_TRUE(journal().await("silence", 3));
    context.setProperty("enable-mic", "false");
    EXPECT_TRUE(journal().await("4998"));
}

TEST_F(SessionTest, AFileThatIsFilledUpChangesItsSizeOnceAndNotBack) {
    scene_.fileFps = 10;  // of 60: most frames are repeats of the one before
    LivePusherContext context(options(scene_), fakeStages(scene_));
    start(context);
    ASSERT_TRUE(journal().await("video delta", 12));
    context.update([](Properties& p) { p.orientation = Orientation::horizontal; });
    ASSERT_TRUE(journal().await("video config", 2));
    ASSERT_TRUE(journal().await("video delta", journal().seen("video delta") + 30));
    const std::vector<std::pair<int, int>> expected{{360, 640}, {640, 360}};
    std::lock_guard lock(scene_.mutex);
    EXPECT_EQ(scene_.sizes, expected);
}

TEST_F(SessionTest, ALostConnectionComesBackWithConfigsAndAKey) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    start(context);
    ASSERT_TRUE(journal().await("video delta"));
    const auto configs = journal().seen("video config");
    const auto keys = journal().seen("video key");
    scene_.breakConnection({Code::TransferFailed, "connection reset"});
    EXPECT_TRUE(journal().await("3005"));
    EXPECT_TRUE(journal().await("1102"));
    EXPECT_TRUE(journal().await("1002", 2));
    EXPECT_TRUE(journal().await("video config", configs + 1));
    EXPECT_TRUE(journal().await("video key", keys + 1));
    EXPECT_EQ(journal().seen("-1307"), 0U);
}

TEST_F(SessionTest, AttemptsUsedUpEndWithOneMinus1307AndStartFails) {
    scene_.onOpen = [](int, const std::atomic<bool>&) -> Result<void> { return Error{Code::TcpFailed, "refused"}; };
    LivePusherContext context(options(scene_), fakeStages(scene_));
    context.start(noting(scene_, "start"));
    ASSERT_TRUE(journal().await("start:complete"));
    EXPECT_EQ(journal().seen("start:fail 3002"), 1U);
    EXPECT_EQ(journal().seen("open"), 3U);
    EXPECT_EQ(journal().seen("3002"), 3U);
    EXPECT_EQ(journal().seen("1102"), 2U);
    EXPECT_EQ(journal().seen("-1307"), 1U);
    EXPECT_EQ(context.state(), State::Idle);
    EXPECT_EQ(scene_.liveSources, 0);
    scene_.onOpen = {};
    context.start(noting(scene_, "second"));
    EXPECT_TRUE(journal().await("second:ok")) << "the context stays usable";
}

TEST_F(SessionTest, ARefusalForGoodIsNotTriedAgain) {
    scene_.onOpen = [](int, const std::atomic<bool>&) -> Result<void> {
        return Error{Code::HandshakeFailed, "bad certificate", 0, true};
    };
    LivePusherContext context(options(scene_), fakeStages(scene_));
    context.start(noting(scene_, "start"));
    ASSERT_TRUE(journal().await("start:complete"));
    EXPECT_EQ(journal().seen("open"), 1U);
    EXPECT_EQ(journal().seen("1102"), 0U);
    EXPECT_EQ(journal().seen("-1307"), 1U);
}

TEST_F(SessionTest, ACameraThatDoesNotOpenFailsTheStart) {
    scene_.cameraError = {Code::CameraFailed, "camera \"front\": busy"};
    LivePusherContext context(options(scene_), fakeStages(scene_));
    context.start(noting(scene_, "start"));
    ASSERT_TRUE(journal().await("start:complete"));
    EXPECT_EQ(journal().seen("start:fail -1301"), 1U);
    EXPECT_EQ(journal().seen("-1301"), 1U);
    EXPECT_EQ(context.state(), State::Idle);
}

TEST_F(SessionTest, AnEncoderThatDoesNotOpenEndsThePush) {
    scene_.encoderError = {Code::UnsupportedResolution, "63x64: must be even"};
    LivePusherContext context(options(scene_), fakeStages(scene_));
    context.start(noting(scene_, "start"));
    EXPECT_TRUE(journal().await("-1305"));
    EXPECT_TRUE(journal().await("start:complete"));
}

TEST_F(SessionTest, FramesThatFailRestartTheEncoderAndThenEndThePush) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    start(context);
    scene_.failFrames = true;
    EXPECT_TRUE(journal().await("-1303"));
    EXPECT_EQ(journal().seen("1104"), 3U);
}

TEST_F(SessionTest, APreviewOpensTheCameraAndAStartKeepsItOpen) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    context.startPreview(noting(scene_, "preview"));
    ASSERT_TRUE(journal().await("preview:ok"));
    EXPECT_EQ(context.state(), State::Previewing);
    ASSERT_TRUE(journal().await("1007"));
    EXPECT_EQ(scene_.framesEncoded, 0);
    start(context);
    EXPECT_EQ(journal().seen("1003"), 1U);
    EXPECT_TRUE(journal().await("video key"));
    context.stopPreview(noting(scene_, "stopPreview"));
    ASSERT_TRUE(journal().await("stopPreview:ok"));
    EXPECT_EQ(context.state(), State::Pushing);
}

TEST_F(SessionTest, ThePreviewHandlerGetsPicturesAndASlowOneHoldsNothingUp) {
    auto o = options(scene_);
    std::promise<void> release;
    auto gate = release.get_future().share();
    o.handlers.onPreviewFrame = [&, gate](const VideoFrame& frame) {
        journal().note("preview " + std::to_string(frame.width()));
        gate.wait();
    };
    LivePusherContext context(std::move(o), fakeStages(scene_));
    start(context);
    EXPECT_TRUE(journal().await("preview 360"));
    EXPECT_TRUE(journal().await("video delta", 20));
    release.set_value();
}

TEST_F(SessionTest, AHandlerThatSleepsDoesNotDisturbTheStream) {
    auto o = options(scene_);
    std::promise<void> release;
    auto gate = release.get_future().share();
    o.handlers.onStateChange = [gate](const StateChangeEvent&) { gate.wait(); };
    LivePusherContext context(std::move(o), fakeStages(scene_));
    context.start();
    EXPECT_TRUE(journal().await("video delta", 60));
    EXPECT_TRUE(journal().await("sound", 40));
    release.set_value();
}

TEST_F(SessionTest, ASnapshotIsWrittenWithItsSizeWhilePushing) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    start(context);
    ASSERT_TRUE(journal().await("video key"));
    std::promise<SnapshotResult> taken;
    context.snapshot({.success = [&](const SnapshotResult& r) { taken.set_value(r); }});
    const auto result = taken.get_future().get();
    EXPECT_EQ(result.width, 360);
    EXPECT_EQ(result.height, 640);
    EXPECT_TRUE(result.tempImagePath.ends_with(".png")) << result.tempImagePath;
    EXPECT_EQ(std::remove(result.tempImagePath.c_str()), 0);
}

TEST_F(SessionTest, SwitchingTheCameraOffGivesBlackAndKeepsTheTrack) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    start(context);
    ASSERT_TRUE(journal().await("video delta", 5));
    context.update([](Properties& p) { p.enableCamera = false; });
    ASSERT_TRUE(journal().await("sound", 10));
    const auto frames = journal().seen("video delta");
    EXPECT_TRUE(journal().await("video delta", frames + 3));
    context.update([](Properties& p) { p.enableCamera = true; }, noting(scene_, "on"));
    EXPECT_TRUE(journal().await("1003", 2));
}

TEST_F(SessionTest, AutopushStartsByItself) {
    auto p = pushing();
    p.autopush = true;
    LivePusherContext context(options(scene_, p), fakeStages(scene_));
    EXPECT_TRUE(journal().await("1002"));
}

TEST_F(SessionTest, AStartWithoutAUrlFailsAndOneWithItWorks) {
    auto p = pushing();
    p.url.clear();
    LivePusherContext context(options(scene_, p), fakeStages(scene_));
    context.start(noting(scene_, "start"));
    EXPECT_TRUE(journal().await("start:fail 20001"));
    context.setProperty("url", "rtmp://server.example/app/key");
    context.start(noting(scene_, "then"));
    EXPECT_TRUE(journal().await("then:ok"));
}

TEST_F(SessionTest, TheStreamKeyIsInNoEventAndNoLog) {
    std::mutex mutex;
    std::string heard;
    const auto hear = [&](std::string_view text) {
        std::lock_guard lock(mutex);
        heard += text;
        heard += '\n';
    };
    setLogLevel(LogLevel::Trace);
    setLogHandler([&](LogLevel, std::string_view text) { hear(text); });
    {
        auto o = options(scene_);
        o.handlers.onStateChange = [&](const StateChangeEvent& e) { hear(e.message); };
        LivePusherContext context(std::move(o), fakeStages(scene_));
        context.start({.complete = [&](const MethodResult& r) {
            hear(r.errMsg);
            journal().note("done");
        }});
        ASSERT_TRUE(journal().await("done"));
        scene_.breakConnection({Code::TransferFailed, "reset"});
        ASSERT_TRUE(journal().await("open", 2));
    }
    setLogHandler({});
    setLogLevel(LogLevel::Warning);
    EXPECT_NE(heard.find("server.example"), std::string::npos);
    EXPECT_EQ(heard.find("secret-key"), std::string::npos) << heard;
}

}  // namespace livepusher::testing
