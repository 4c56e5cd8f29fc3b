// SPDX-License-Identifier: MIT
#include "capture/device_lists.hpp"

#include "camera_case.hpp"

namespace livepusher::capture {
namespace {

class CameraList : public CameraCase {};

TEST_F(CameraList, TellsAllThereIsToKnow) {
    set("FAKE_CAMERA_FORMATS", "YUYV,MJPG");
    set("FAKE_CAMERA_RICH", "0");
    set("FAKE_CAMERA_SIDES", "10");
    std::vector<std::string> notes;
    const auto cameras = listCameras(notes);
    ASSERT_EQ(cameras.size(), 2U);
    EXPECT_TRUE(notes.empty());
    const auto& rich = cameras[0];
    EXPECT_EQ(rich.id, "platform:fake_camera-0-Fake_camera_0-index0");
    EXPECT_EQ(rich.name, "Fake camera 0");
    EXPECT_EQ(rich.path, "/dev/video0");
    EXPECT_EQ(rich.position, DevicePosition::back);
    ASSERT_EQ(rich.modes.size(), 6U);
    EXPECT_EQ(rich.modes[0].format, "YUYV");
    EXPECT_EQ(rich.modes[0].width, 1280);
    EXPECT_EQ(rich.modes[0].height, 720);
    EXPECT_EQ(rich.modes[0].fps, 30);
    EXPECT_EQ(rich.modes[3].format, "MJPG");
    EXPECT_TRUE(rich.autoFocus && rich.focus && rich.torch);
    EXPECT_EQ(rich.maxZoom, 5);
    ASSERT_EQ(rich.controls.size(), 5U);
    EXPECT_EQ(rich.controls[1].name, "Focus, Absolute");
    EXPECT_EQ(rich.controls[1].maximum, 250);
    EXPECT_EQ(rich.controls[1].step, 5);
    EXPECT_EQ(rich.controls[1].byDefault, 30);
    EXPECT_EQ(rich.problem, "");
    const auto& plain = cameras[1];
    EXPECT_FALSE(plain.autoFocus || plain.focus || plain.torch);
    EXPECT_EQ(plain.maxZoom, 4);
    EXPECT_EQ(plain.controls.size(), 1U);
    EXPECT_EQ(log().find("stream"), std::string::npos) << "none has begun to stream";
}

TEST_F(CameraList, ACameraThatCantBeUsedIsListedWithTheReason) {
    control("0 deny\n1 busy");
    std::vector<std::string> notes;
    auto cameras = listCameras(notes);
    ASSERT_EQ(cameras.size(), 2U);
    EXPECT_EQ(cameras[0].path, "/dev/video0");
    EXPECT_NE(cameras[0].problem.find("group \"video\""), std::string::npos) << cameras[0].problem;
    EXPECT_NE(cameras[1].problem.find("in use"), std::string::npos) << cameras[1].problem;
    control("0 ok");
    const auto source = camera("0");
    ASSERT_TRUE(source->start(wanted(), tape_.sink()));
    cameras = listCameras(notes);
    EXPECT_NE(cameras[0].problem.find("in use"), std::string::npos) << "also by this program";
    EXPECT_TRUE(tape_.waitFrames(2)) << "which is not disturbed";
}

TEST_F(CameraList, SaysWhenThereIsNone) {
    set("FAKE_CAMERAS", "0");
    std::vector<std::string> notes;
    EXPECT_TRUE(listCameras(notes).empty());
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_NE(notes[0].find("no /dev/video*"), std::string::npos);
}

TEST_F(CameraList, ADriverThatHangsIsToldOf) {
    control("1 hang");
    std::vector<std::string> notes;
    const auto cameras = listCameras(notes);
    EXPECT_EQ(cameras.size(), 1U);
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_NE(notes[0].find("\"/dev/video1\": does not answer"), std::string::npos) << notes[0];
    control("1 ok");
}

}  // namespace
}  // namespace livepusher::capture
