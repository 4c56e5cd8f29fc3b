// SPDX-License-Identifier: MIT
#include "capture/camera/finding.hpp"

#include <gtest/gtest.h>

#include <cerrno>

#include "capture/camera/stream.hpp"

namespace livepusher::capture {
namespace {

FoundCamera camera(int number, std::optional<DevicePosition> position = {}) {
    const auto name = std::to_string(number);
    return {
        {.path = "/dev/video" + name, .link = "usb-link-" + name, .bus = "usb-1." + name + "-Cam-index0", .name = "Cam " + name},
        position};
}

std::string at(DevicePosition position, const std::vector<FoundCamera>& cameras, const CameraIds& ids = {}) {
    const auto found = cameraAt(position, cameras, ids);
    return found ? found->identity.path.substr(10) : found.error().message;
}

constexpr auto kFront = DevicePosition::front, kBack = DevicePosition::back;

TEST(CameraFinding, TheFirstIsInFrontAndTheSecondAtTheBackWhereNobodySays) {
    EXPECT_EQ(at(kFront, {camera(0), camera(2), camera(4)}), "0");
    EXPECT_EQ(at(kBack, {camera(0), camera(2), camera(4)}), "2");
}

TEST(CameraFinding, AnOnlyCameraIsBoth) {
    EXPECT_EQ(at(kFront, {camera(3)}), "3");
    EXPECT_EQ(at(kBack, {camera(3)}), "3");
    EXPECT_EQ(at(kFront, {camera(3, kBack)}), "3");
}

TEST(CameraFinding, ADriverThatSaysWhereItIsIsBelieved) {
    const std::vector cameras{camera(0, kBack), camera(1, kFront)};
    EXPECT_EQ(at(kFront, cameras), "1");
    EXPECT_EQ(at(kBack, cameras), "0");
    EXPECT_EQ(at(kFront, {camera(0, kBack), camera(1)}), "1");
    EXPECT_EQ(at(kBack, {camera(0, kFront), camera(1)}), "1");
    EXPECT_EQ(at(kBack, {camera(0), camera(1, kFront)}), "0");
}

TEST(CameraFinding, ConfigurationComesFirst) {
    const std::vector cameras{camera(0, kFront), camera(1, kBack), camera(2)};
    EXPECT_EQ(at(kFront, cameras, {.front = "/dev/video2"}), "2");
    EXPECT_EQ(at(kBack, cameras, {.back = "0"}), "0");
    EXPECT_EQ(at(kFront, cameras, {.back = "0"}), "1") << "0 is taken, whatever its driver says";
    EXPECT_EQ(at(kFront, {camera(0), camera(1)}, {.back = "0"}), "1");
    EXPECT_NE(at(kFront, cameras, {.front = "usb-link-9"}).find("\"usb-link-9\": is not there"), std::string::npos);
}

TEST(CameraFinding, ACameraAnswersToItsNumberPathIdAndName) {
    const auto identity = camera(3).identity;
    for (const char* text : {"3", "/dev/video3", "usb-link-3", "usb-1.3-Cam-index0", "Cam 3"})
        EXPECT_TRUE(identity.answersTo(text)) << text;
    for (const char* text : {"0", "/dev/video", "/dev/video33", "usb-link", "Cam", ""})
        EXPECT_FALSE(identity.answersTo(text)) << text;
}

TEST(CameraFinding, ACameraIsTheSameInAnotherSocketByItsSerialNumberAndElseByItsSocket) {
    auto moved = camera(3).identity;
    moved.path = "/dev/video7";
    EXPECT_TRUE(moved.same(camera(3).identity));
    moved.bus = "usb-2.1-Cam-index0";
    EXPECT_TRUE(moved.same(camera(3).identity));
    auto unlinked = camera(3).identity;
    unlinked.link.clear();
    EXPECT_TRUE(unlinked.same(camera(3).identity)) << "the link comes a little after the node";
    EXPECT_FALSE(camera(4).identity.same(camera(3).identity));
    EXPECT_EQ(camera(3).identity.id(), "usb-link-3");
    EXPECT_EQ(unlinked.id(), "usb-1.3-Cam-index0");
}

TEST(CameraFinding, EachFailureHasItsCodeAndSaysWhatToDo) {
    EXPECT_EQ(cameraError("/dev/video0", EACCES).code, Code::CameraDenied);
    EXPECT_EQ(cameraError("/dev/video0", EPERM).code, Code::CameraDenied);
    EXPECT_NE(cameraError("/dev/video0", EACCES).message.find("group \"video\""), std::string::npos);
    for (const int error : {ENOENT, ENODEV, EBUSY, EIO, ETIMEDOUT, ENOSPC}) {
        EXPECT_EQ(cameraError("/dev/video0", error).code, Code::CameraFailed);
        EXPECT_EQ(cameraError("/dev/video0", error).native, error);
        EXPECT_NE(cameraError("/dev/video0", error).message.find("/dev/video0"), std::string::npos);
    }
    EXPECT_NE(cameraError("/dev/video0", EBUSY).message.find("in use"), std::string::npos);
}

TEST(CameraFinding, ADriversTimeStampIsTakenWhenItCanBe) {
    using std::chrono::seconds;
    const Timestamp arrival = seconds(1000), wall = seconds(1'700'000'000);
    const auto stamped = [&](Timestamp told, std::uint32_t flags) {
        v4l2_buffer buffer{};
        buffer.timestamp.tv_sec = told.count() / 1'000'000;
        buffer.timestamp.tv_usec = told.count() % 1'000'000;
        buffer.flags = flags;
        return captureMoment(buffer, arrival, wall);
    };
    const Timestamp before{40'000};
    EXPECT_EQ(stamped(arrival - before, V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC), arrival - before);
    EXPECT_EQ(stamped(wall - before, V4L2_BUF_FLAG_TIMESTAMP_UNKNOWN), arrival - before) << "the wall clock";
    EXPECT_EQ(stamped(arrival + before, V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC), arrival) << "in the future";
    EXPECT_EQ(stamped(seconds(1), V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC), arrival) << "long ago";
    EXPECT_EQ(stamped(Timestamp{}, V4L2_BUF_FLAG_TIMESTAMP_UNKNOWN), arrival);
}

}  // namespace
}  // namespace livepusher::capture
