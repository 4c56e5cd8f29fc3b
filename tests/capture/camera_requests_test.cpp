// SPDX-License-Identifier: MIT
#include "camera_case.hpp"

namespace livepusher::capture {
namespace {

using What = CameraRequest::What;

class CameraRequests : public CameraCase {
protected:
    std::unique_ptr<VideoSource> started(const std::string& id, const WantedVideo& want, const CameraIds& ids = {}) {
        auto source = camera(id, ids);
        const auto opened = source->start(want, tape_.sink());
        EXPECT_TRUE(opened) << opened.error().message;
        EXPECT_TRUE(tape_.waitFrames(1));
        return source;
    }
    bool logged(const std::string& line) const { return ("\n" + log()).find("\n" + line + "\n") != std::string::npos; }
};

TEST_F(CameraRequests, ZoomWithoutALensCutsTheMiddleOut) {
    const auto source = started("0", wanted(1280, 720));
    EXPECT_EQ(*ask(*source, What::MaxZoom), 4);
    const auto zoomed = ask(*source, What::Zoom, 2);
    ASSERT_TRUE(zoomed);
    EXPECT_EQ(*zoomed, 2);
    ASSERT_TRUE(tape_.wait([](const auto& all) { return all.back().frame && all.back().frame->width() == 640; }));
    EXPECT_EQ(tape_.frames().back().height(), 360);
    const auto entries = tape_.entries();
    const auto told = std::ranges::find_if(entries, [](const auto& e) { return e.format.has_value(); });
    ASSERT_NE(told, entries.end());
    EXPECT_EQ(told->format->width, 640);
    const auto first = std::ranges::find_if(entries, [](const auto& e) { return e.frame && e.frame->width() == 640; });
    EXPECT_LT(told, first);
    for (const double wrong : {0.5, 4.1, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
        const auto refused = ask(*source, What::Zoom, wrong);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, Code::InvalidArgument);
        EXPECT_NE(refused.error().message.find("must be 1..4"), std::string::npos) << refused.error().message;
    }
    EXPECT_EQ(*ask(*source, What::Zoom, 1), 1);
    ASSERT_TRUE(tape_.wait([](const auto& all) { return all.back().frame && all.back().frame->width() == 1280; }));
}

TEST_F(CameraRequests, ZoomWithALensMovesIt) {
    set("FAKE_CAMERA_RICH", "0");
    const auto source = started("0", wanted());
    EXPECT_EQ(*ask(*source, What::MaxZoom), 5);
    EXPECT_EQ(*ask(*source, What::Zoom, 2.5), 2.5);
    EXPECT_TRUE(logged("control 0 Zoom, Absolute = 250")) << log();
    ASSERT_TRUE(tape_.waitFrames(2));
    EXPECT_EQ(tape_.frames().back().width(), 640);
    EXPECT_FALSE(ask(*source, What::Zoom, 5.5));
}

TEST_F(CameraRequests, TheLightGoesOnAndOffAndOutWithTheCamera) {
    set("FAKE_CAMERA_RICH", "0");
    const auto source = started("0", wanted());
    EXPECT_EQ(*ask(*source, What::Torch), 1);
    EXPECT_TRUE(logged("control 0 LED Mode = 2"));
    EXPECT_EQ(*ask(*source, What::Torch), 0);
    EXPECT_EQ(*ask(*source, What::Torch), 1);
    source->stop();
    const auto all = log();
    EXPECT_GT(all.rfind("LED Mode = 0"), all.rfind("LED Mode = 2"));
}

TEST_F(CameraRequests, ACameraWithoutALightSaysSo) {
    const auto source = started("0", wanted());
    const auto torch = ask(*source, What::Torch);
    ASSERT_FALSE(torch);
    EXPECT_EQ(torch.error().code, Code::NotAvailable);
    EXPECT_EQ(torch.error().message, "camera \"Fake camera 0 (/dev/video0)\": has no light");
}

TEST_F(CameraRequests, FocusFollowsTheProperties) {
    set("FAKE_CAMERA_RICH", "0");
    auto want = wanted();
    want.wishes = {.autoFocus = false, .focus = 0.5};
    const auto source = started("0", want);
    EXPECT_TRUE(logged("control 0 Focus, Automatic Continuous = 0"));
    EXPECT_TRUE(logged("control 0 Focus, Absolute = 125")) << log();
    source->follow({.autoFocus = false, .focus = 1});
    ASSERT_TRUE(ask(*source, What::MaxZoom)) << "which comes after it";
    EXPECT_TRUE(logged("control 0 Focus, Absolute = 250")) << log();
    source->follow({.autoFocus = true});
    ASSERT_TRUE(ask(*source, What::MaxZoom));
    EXPECT_TRUE(logged("control 0 Focus, Automatic Continuous = 1")) << log();
}

TEST_F(CameraRequests, ZoomAndLightAreThereAgainAfterALoss) {
    set("FAKE_CAMERA_RICH", "0");
    const auto source = started("0", wanted());
    ASSERT_TRUE(ask(*source, What::Zoom, 3));
    ASSERT_TRUE(ask(*source, What::Torch));
    control("0 unplug");
    ASSERT_TRUE(tape_.waitCode(-1301));
    const auto before = log().size();
    control("0 ok");
    ASSERT_TRUE(tape_.waitCode(1003));
    const auto after = log().substr(before);
    EXPECT_NE(after.find("Zoom, Absolute = 300"), std::string::npos) << after;
    EXPECT_NE(after.find("LED Mode = 2"), std::string::npos) << after;
}

TEST_F(CameraRequests, AStartHasItsZoomAndItsLightFromTheWishes) {
    set("FAKE_CAMERA_RICH", "1");
    auto want = wanted(1280, 720);
    want.wishes = {.zoom = 4, .torch = true};
    const auto source = started("0", want);
    EXPECT_EQ(tape_.frames().back().width(), 320);
    CameraTape other;
    const auto rich = camera("1");
    ASSERT_TRUE(rich->start(want, other.sink()));
    EXPECT_TRUE(logged("control 1 Zoom, Absolute = 400")) << log();
    EXPECT_TRUE(logged("control 1 LED Mode = 2")) << log();
}

TEST_F(CameraRequests, SwitchTakesOverWithoutAGapAndGoesBack) {
    const auto source = started("", wanted());
    const auto position = ask(*source, What::Switch);
    ASSERT_TRUE(position) << position.error().message;
    EXPECT_EQ(*position, static_cast<double>(DevicePosition::back));
    ASSERT_TRUE(tape_.waitFrames(3));
    EXPECT_EQ(numberOf(tape_.frames().back()), 1);
    EXPECT_TRUE(said(tape_, {1003}));
    const auto again = ask(*source, What::Switch);
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, static_cast<double>(DevicePosition::front));
    ASSERT_TRUE(tape_.waitFrames(3));
    source->stop();
    EXPECT_EQ(numberOf(tape_.frames().back()), 0);
    EXPECT_TRUE(said(tape_, {1003, 1003}));
    std::printf("longest time without a frame: %.0f ms\n", tape_.longestGapMs());
    const auto frames = tape_.frames();
    for (std::size_t i = 1; i < frames.size(); ++i) EXPECT_GT(frames[i].pts, frames[i - 1].pts);
}

TEST_F(CameraRequests, SwitchOnOneBusClosesTheOldOneFirst) {
    set("FAKE_CAMERA_ONE_BUS", "1");
    const auto source = started("", wanted());
    const auto position = ask(*source, What::Switch);
    ASSERT_TRUE(position) << position.error().message;
    ASSERT_TRUE(tape_.waitFrames(3));
    source->stop();
    EXPECT_EQ(numberOf(tape_.frames().back()), 1);
    EXPECT_TRUE(said(tape_, {1003}));
    std::printf("longest time without a frame: %.0f ms\n", tape_.longestGapMs());
    EXPECT_LT(tape_.longestGapMs(), 5000);
}

TEST_F(CameraRequests, ASwitchThatFailsLeavesTheOldOneRunning) {
    const auto source = started("", wanted());
    for (const auto& [fault, code] :
         {std::pair{"1 deny", Code::CameraDenied}, {"1 busy", Code::CameraFailed}, {"1 stall", Code::CameraFailed}}) {
        control(fault);
        const auto position = ask(*source, What::Switch);
        ASSERT_FALSE(position) << fault;
        EXPECT_EQ(position.error().code, code) << position.error().message;
        ASSERT_TRUE(tape_.waitFrames(2)) << fault;
        EXPECT_EQ(numberOf(tape_.frames().back()), 0);
    }
    control("1 ok");
    EXPECT_TRUE(ask(*source, What::Switch));
    EXPECT_TRUE(said(tape_, {1003}));
}

TEST_F(CameraRequests, AnOnlyCameraHasNoneToSwitchTo) {
    set("FAKE_CAMERAS", "1");
    const auto source = started("", wanted());
    const auto position = ask(*source, What::Switch);
    ASSERT_FALSE(position);
    EXPECT_EQ(position.error().code, Code::NotAvailable);
    EXPECT_NE(position.error().message.find("the only one"), std::string::npos);
}

TEST_F(CameraRequests, ALostCameraIsLeftForTheOther) {
    const auto source = started("0", wanted());
    control("0 unplug");
    ASSERT_TRUE(tape_.waitCode(-1301));
    const auto position = ask(*source, What::Switch);
    ASSERT_TRUE(position) << position.error().message;
    ASSERT_TRUE(tape_.waitFrames(2));
    EXPECT_EQ(numberOf(tape_.frames().back()), 1);
    EXPECT_TRUE(said(tape_, {1009, -1301, 1003}));
}

TEST_F(CameraRequests, ANewStartGoesOnWithTheCameraThatWasSwitchedTo) {
    auto want = wanted();
    const auto source = started("1", want, {.front = "1", .back = "0"});
    const auto position = ask(*source, What::Switch);
    ASSERT_TRUE(position);
    EXPECT_EQ(*position, static_cast<double>(DevicePosition::back));
    source->stop();
    want.position = DevicePosition::back;
    CameraTape again;
    ASSERT_TRUE(source->start(want, again.sink()));
    ASSERT_TRUE(again.waitFrames(1));
    EXPECT_EQ(numberOf(again.frames().back()), 0);
    ASSERT_TRUE(ask(*source, What::Switch));
    ASSERT_TRUE(again.waitFrames(1));
    source->stop();
    EXPECT_EQ(numberOf(again.frames().back()), 1);
}

TEST_F(CameraRequests, EachHasItsAnswerWhenTheCameraIsNotOpen) {
    const auto source = camera("0");
    EXPECT_EQ(ask(*source, What::MaxZoom).error().code, Code::CameraFailed);
    ASSERT_TRUE(source->start(wanted(), tape_.sink()));
    source->stop();
    EXPECT_EQ(ask(*source, What::Switch).error().code, Code::CameraFailed);
}

}  // namespace
}  // namespace livepusher::capture
