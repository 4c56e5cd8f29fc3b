// SPDX-License-Identifier: MIT
// What the application asks of the camera, and what becomes of a push whose devices come and go.
#include "session_case.hpp"

#include <future>
#include <optional>

namespace livepusher::testing {

class CameraTest : public SessionTest {
protected:
    void startOver(LivePusherContext& context) {
        start(context);
        ASSERT_TRUE(journal().await("video delta"));
    }
    std::optional<MaxZoomResult> maxZoom(LivePusherContext& context) {
        std::promise<std::optional<MaxZoomResult>> told;
        context.getMaxZoom({.success = [&](const MaxZoomResult& r) { told.set_value(r); },
                            .fail = [&](const MethodResult&) { told.set_value(std::nullopt); }});
        return told.get_future().get();
    }
    std::string zoom(LivePusherContext& context, double factor) {
        std::promise<std::string> told;
        context.setZoom({.zoom = factor, .complete = [&](const MethodResult& r) { told.set_value(r.errMsg); }});
        return told.get_future().get();
    }
    void tellOfCamera(Code code, const std::string& text) {
        std::function<void(Code, std::string)> tell;
        {
            std::lock_guard lock(scene_.mutex);
            tell = scene_.tellOfCamera;
        }
        tell(code, text);
    }
};

TEST_F(CameraTest, SwitchesThereAndBackWithoutANewStart) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    startOver(context);
    context.switchCamera(noting(scene_, "switch"));
    ASSERT_TRUE(journal().await("switch:ok"));
    EXPECT_EQ(context.properties().devicePosition, DevicePosition::back);
    context.switchCamera(noting(scene_, "switch"));
    ASSERT_TRUE(journal().await("switch:ok", 2));
    EXPECT_EQ(context.properties().devicePosition, DevicePosition::front);
    EXPECT_EQ(journal().seen("video config"), 1U);
    EXPECT_EQ(journal().seen("open"), 1U);
}

TEST_F(CameraTest, OpensTheOtherOneAfterAPauseThatItWasSwitchedIn) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    startOver(context);
    context.pause();
    context.switchCamera(noting(scene_, "switch"));
    ASSERT_TRUE(journal().await("switch:ok"));
    EXPECT_EQ(journal().seen("camera back"), 0U);
    context.resume();
    EXPECT_TRUE(journal().await("camera back"));
}

TEST_F(CameraTest, ZoomsWithinWhatTheCameraSays) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    EXPECT_FALSE(maxZoom(context)) << "nothing is open";
    startOver(context);
    const auto most = maxZoom(context);
    ASSERT_TRUE(most);
    EXPECT_EQ(most->maxZoom, 4);
    EXPECT_EQ(most->errMsg, "getMaxZoom:ok");
    EXPECT_EQ(zoom(context, 2.5), "setZoom:ok");
    EXPECT_EQ(zoom(context, 0.5), "setZoom:fail zoom 0.5: must be 1 or more");
    EXPECT_EQ(zoom(context, 8), "setZoom:fail zoom 8: must be 1..4 with this camera");
    EXPECT_EQ(zoom(context, std::numeric_limits<double>::quiet_NaN()), "setZoom:fail zoom nan: must be 1 or more");
    context.pause();
    while (scene_.liveSources > 0) std::this_thread::sleep_for(1ms);
    context.resume();
    EXPECT_TRUE(journal().await("camera zoomed")) << "what was asked for holds when the camera is opened again";
    context.stop(noting(scene_, "stop"));
    ASSERT_TRUE(journal().await("stop:ok"));
    journal().clear();
    startOver(context);
    EXPECT_EQ(journal().seen("camera zoomed"), 0U) << "and ends with the push";
}

TEST_F(CameraTest, SaysWhatACameraLacks) {
    scene_.cameraCan = false;
    LivePusherContext context(options(scene_), fakeStages(scene_));
    startOver(context);
    context.toggleTorch(noting(scene_, "torch"));
    context.switchCamera(noting(scene_, "switch"));
    EXPECT_TRUE(journal().await("torch:fail 20003"));
    EXPECT_TRUE(journal().await("switch:fail 20003"));
    EXPECT_EQ(context.properties().devicePosition, DevicePosition::front);
    EXPECT_EQ(context.state(), State::Pushing);
}

TEST_F(CameraTest, ACameraThatNeverAnswersIsCancelledByStop) {
    scene_.cameraAnswers = false;
    LivePusherContext context(options(scene_), fakeStages(scene_));
    startOver(context);
    context.toggleTorch(noting(scene_, "torch"));
    context.stop(noting(scene_, "stop"));
    EXPECT_TRUE(journal().await("stop:ok"));
    EXPECT_TRUE(journal().await("torch:fail 20004"));
}

TEST_F(CameraTest, FollowsFocusWhileItRuns) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    startOver(context);
    context.update([](Properties& p) {
        p.autoFocus = false;
        p.focus = 0.25;
    });
    EXPECT_TRUE(journal().await("focus 0.25"));
    context.update([](Properties& p) { p.autoFocus = true; });
    EXPECT_TRUE(journal().await("focus auto"));
}

TEST_F(CameraTest, TheMicrophonesRoleFollowsToo) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    startOver(context);
    context.update([](Properties& p) { p.audioVolumeType = AudioVolumeType::voicecall; });
    EXPECT_TRUE(journal().await("role 2"));
}

TEST_F(CameraTest, TheLastPictureStandsInForACameraThatIsAwayAndThePushGoesOn) {
    auto p = pushing();
    p.waitingImage = "image.png";
    LivePusherContext context(options(scene_, p), fakeStages(scene_));
    startOver(context);
    tellOfCamera(Code::CameraRemoved, "the camera is gone");
    tellOfCamera(Code::CameraFailed, "the camera is gone");
    scene_.cameraGives = false;
    EXPECT_TRUE(journal().await("1009"));
    EXPECT_TRUE(journal().await("-1301"));
    const int before = scene_.framesEncoded;
    while (scene_.framesEncoded < before + 3) std::this_thread::sleep_for(5ms);
    EXPECT_EQ(scene_.luma, kCameraGrey);
    tellOfCamera(Code::CameraReturned, "the camera is back");
    scene_.cameraGives = true;
    EXPECT_TRUE(journal().await("1010"));
    EXPECT_EQ(context.state(), State::Pushing);
    EXPECT_EQ(journal().seen("open"), 1U);
}

TEST_F(CameraTest, TheWaitingImageStandsInForAScreenThatIsGone) {
    auto p = pushing();
    p.waitingImage = "image.png";
    LivePusherContext context(options(scene_, p), fakeStages(scene_));
    startOver(context);
    scene_.cameraGives = false;
    tellOfCamera(Code::ScreenCaptureInterrupted, "the display is gone");
    EXPECT_TRUE(journal().await("-1310"));
    EXPECT_TRUE(journal().await("luma " + std::to_string(kImageGrey)));
    tellOfCamera(Code::ScreenCaptureStarted, "the display is back");
    scene_.cameraGives = true;
    EXPECT_TRUE(journal().await("luma " + std::to_string(kCameraGrey), 2));
}

}  // namespace livepusher::testing
