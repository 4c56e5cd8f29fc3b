// SPDX-License-Identifier: MIT
#include "capture/camera/modes.hpp"

#include <gtest/gtest.h>

namespace livepusher::capture {
namespace {

CameraOffer offer(std::uint32_t format, int width, int height, std::vector<FrameRate> rates) {
    return {.format = format, .size = {width, height}, .rates = std::move(rates)};
}

std::string chosen(const std::vector<CameraOffer>& offers, int width, int height, double fps) {
    const auto best = chooseOffer(offers, wideEnough({width, height}), fps);
    if (!best) return "none";
    return formatName(best->format) + " " + std::to_string(best->size.width) + "x" + std::to_string(best->size.height);
}

/// As most webcams are: raw is slow where it is large.
std::vector<CameraOffer> webcam() {
    std::vector<CameraOffer> offers;
    for (const auto& [width, height, rawFps] : {std::tuple{640, 360, 30U}, {640, 480, 30U}, {1280, 720, 10U}, {1920, 1080, 5U}})
        offers.push_back(offer(V4L2_PIX_FMT_YUYV, width, height, {{rawFps, 1}, {5, 1}}));
    for (const auto& [width, height] : {std::pair{640, 360}, {640, 480}, {1280, 720}, {1920, 1080}})
        offers.push_back(offer(V4L2_PIX_FMT_MJPEG, width, height, {{30, 1}, {15, 1}}));
    return offers;
}

TEST(CameraModes, TheSmallestSizeThatCoversTheWishIsChosenAndRatherRaw) {
    EXPECT_EQ(chosen(webcam(), 640, 360, 30), "YUYV 640x360");
    EXPECT_EQ(chosen(webcam(), 640, 480, 30), "YUYV 640x480");
    EXPECT_EQ(chosen(webcam(), 320, 180, 15), "YUYV 640x360");
}

TEST(CameraModes, MjpegIsChosenWhereOnlyThatIsFastEnough) {
    EXPECT_EQ(chosen(webcam(), 1280, 720, 30), "MJPG 1280x720");
    EXPECT_EQ(chosen(webcam(), 1280, 720, 10), "YUYV 1280x720");
    EXPECT_EQ(chosen(webcam(), 1920, 1080, 15), "MJPG 1920x1080");
}

TEST(CameraModes, AHighPictureIsCutOutOfAWideOne) {
    EXPECT_EQ(chosen(webcam(), 360, 640, 15), "MJPG 1280x720");
    EXPECT_EQ(chosen(webcam(), 180, 320, 15), "YUYV 640x360");
}

TEST(CameraModes, WhatNoModeCoversComesFromTheLargestThatIsFastEnough) {
    EXPECT_EQ(chosen(webcam(), 3840, 2160, 30), "MJPG 1920x1080");
    EXPECT_EQ(
        chosen({offer(V4L2_PIX_FMT_YUYV, 640, 480, {{30, 1}}), offer(V4L2_PIX_FMT_YUYV, 1280, 720, {{10, 1}})}, 1280, 720, 30),
        "YUYV 640x480");
    EXPECT_EQ(chosen(webcam(), 1280, 720, 60), "YUYV 1280x720") << "none is fast enough";
    EXPECT_EQ(chosen({}, 1280, 720, 30), "none");
}

TEST(CameraModes, GreyIsChosenOnlyWhereThereAreNoColours) {
    const auto grey = offer(V4L2_PIX_FMT_GREY, 640, 360, {{30, 1}});
    EXPECT_EQ(chosen({grey, offer(V4L2_PIX_FMT_MJPEG, 640, 480, {{15, 1}})}, 640, 360, 30), "MJPG 640x480");
    EXPECT_EQ(chosen({grey}, 1280, 720, 30), "GREY 640x360");
}

TEST(CameraModes, ARateThatTheDriverDoesNotTellIsTakenForEnough) {
    EXPECT_EQ(chosen({offer(V4L2_PIX_FMT_YUYV, 640, 480, {})}, 640, 480, 30), "YUYV 640x480");
    EXPECT_EQ(offer(V4L2_PIX_FMT_YUYV, 640, 480, {}).nearest(25).fps(), 25);
}

TEST(CameraModes, TheSlowestRateThatIsEnoughIsAskedFor) {
    const auto some = offer(V4L2_PIX_FMT_YUYV, 640, 480, {{60, 1}, {30000, 1001}, {15, 1}, {5, 1}});
    EXPECT_NEAR(some.nearest(30).fps(), 29.97, 0.01);
    EXPECT_NEAR(some.nearest(25).fps(), 29.97, 0.01);
    EXPECT_EQ(some.nearest(15).fps(), 15);
    EXPECT_EQ(some.nearest(10).fps(), 15);
    EXPECT_EQ(some.nearest(120).fps(), 60);
    CameraOffer any{.format = V4L2_PIX_FMT_YUYV, .size = {640, 480}, .slowest = FrameRate{5, 1}, .fastest = FrameRate{25, 1}};
    EXPECT_EQ(any.nearest(15).fps(), 15);
    EXPECT_EQ(any.nearest(1).fps(), 5);
    EXPECT_EQ(any.nearest(30).fps(), 25);
    EXPECT_EQ(any.most(), 25);
}

}  // namespace
}  // namespace livepusher::capture
