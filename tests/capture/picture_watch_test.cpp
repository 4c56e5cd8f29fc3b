// SPDX-License-Identifier: MIT
#include "capture/fallback/picture_watch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <random>

namespace livepusher::capture {
namespace {

/// A grey picture with noise of that many levels, and a bright square at a place.
VideoFrame picture(int level, int noise = 0, int square = -1, int side = 32, int width = 640, int height = 360) {
    static std::minstd_rand random(1);
    auto frame = VideoFrame::allocate(width, height);
    for (int y = 0; y < height; ++y) {
        auto* row = frame.mutablePlane(0) + static_cast<std::ptrdiff_t>(y) * frame.stride(0);
        for (int x = 0; x < width; ++x) {
            const int moved = noise == 0 ? 0 : static_cast<int>(random() % static_cast<unsigned>(2 * noise + 1)) - noise;
            const bool bright = square >= 0 && x >= square && x < square + side && y >= 100 && y < 100 + side;
            row[x] = static_cast<std::uint8_t>(std::clamp((bright ? 235 : level) + moved, 0, 255));
        }
    }
    return frame;
}

TEST(PictureWatch, ThePictureBeforeIsTheMeasure) {
    PictureWatch watch;
    EXPECT_FALSE(watch.look(picture(100)).same) << "there was none";
    EXPECT_TRUE(watch.look(picture(100)).same);
    EXPECT_FALSE(watch.look(picture(120)).same);
    EXPECT_TRUE(watch.look(picture(120)).same);
}

TEST(PictureWatch, WhatACodecChangesIsNoMotion) {
    PictureWatch watch;
    watch.look(picture(100));
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(watch.look(picture(100, 2)).same);
}

TEST(PictureWatch, ACamerasNoiseIsMotion) {
    PictureWatch watch;
    watch.look(picture(100, 6));
    for (int i = 0; i < 20; ++i) EXPECT_FALSE(watch.look(picture(100, 6)).same);
}

TEST(PictureWatch, ASmallThingThatMovesIsMotion) {
    PictureWatch watch;
    watch.look(picture(100, 0, 0));
    for (int i = 1; i < 10; ++i) EXPECT_FALSE(watch.look(picture(100, 0, i * 40)).same) << i;
}

TEST(PictureWatch, AnotherSizeIsAnotherPicture) {
    PictureWatch watch;
    watch.look(picture(100, 0, -1, 32, 64, 48));
    EXPECT_FALSE(watch.look(picture(100, 0, -1, 32, 32, 24)).same);
    EXPECT_TRUE(watch.look(picture(100, 0, -1, 32, 32, 24)).same);
    watch.look(picture(100, 0, -1, 0, 2, 2));  // the smallest there is
}

TEST(PictureWatch, BlackMayHaveNoiseAndALogo) {
    PictureWatch watch;
    EXPECT_TRUE(watch.look(picture(16)).black);
    EXPECT_TRUE(watch.look(picture(20, 6)).black);
    EXPECT_TRUE(watch.look(picture(16, 0, 600)).black) << "less than a fiftieth is bright";
    EXPECT_FALSE(watch.look(picture(16, 0, 100, 128)).black);
    EXPECT_FALSE(watch.look(picture(60)).black) << "a night";
}

TEST(PictureWatch, LoudIsAboveSixtyDecibelsBelowFull) {
    const std::array<float, 4> hiss{0.0009F, -0.0009F, 0, 0}, low{0, 0, -0.002F, 0};
    EXPECT_FALSE(isLoud(hiss.data(), hiss.size()));
    EXPECT_TRUE(isLoud(low.data(), low.size()));
    EXPECT_FALSE(isLoud(low.data(), 0));
}

}  // namespace
}  // namespace livepusher::capture
