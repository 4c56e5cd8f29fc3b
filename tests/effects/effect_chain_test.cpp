// SPDX-License-Identifier: MIT
// The effects as applications have them.
#include <livepusher/effects.hpp>

#include "photos.hpp"

#include <gtest/gtest.h>

#include <malloc.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <vector>

namespace livepusher {
namespace {

namespace test = effects::test;

Properties everyLook() {
    Properties properties;
    properties.beauty = 7;
    properties.whiteness = 4;
    properties.filter = Filter::romantic;
    return properties;
}

TEST(EffectChain, ChangesNothingUntilItIsTold) {
    EffectChain chain;
    const auto frame = test::random(362, 642, 1);
    const auto done = chain.apply(frame);
    ASSERT_TRUE(done);
    EXPECT_EQ(done->plane(0), frame.plane(0));
}

TEST(EffectChain, GivesTheFirstFrameItsWholeLook) {
    const auto photo = test::astronaut();
    for (const auto pace : {EffectPace::eachFrame, EffectPace::live}) {
        EffectChain chain(pace);
        auto look = everyLook();
        if (pace == EffectPace::live) look.beauty = 0;  // it follows the face, which is found whenever its thread gets to it
        ASSERT_TRUE(chain.setProperties(look));
        const auto first = chain.apply(photo), second = chain.apply(photo);
        ASSERT_TRUE(first && second);
        EXPECT_FALSE(test::samePixels(*first, photo));
        EXPECT_TRUE(test::samePixels(*first, *second));
        EXPECT_EQ(first->pts, photo.pts);
    }
}

TEST(EffectChain, RefusesWhatItCantDoAndKeepsWhatItHad) {
    EffectChain chain;
    ASSERT_TRUE(chain.setProperties(everyLook()));
    auto wrong = everyLook();
    wrong.beauty = 99;
    const auto refused = chain.setProperties(wrong);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("0..9"), std::string::npos);
    const auto photo = test::astronaut();
    EXPECT_FALSE(test::samePixels(*chain.apply(photo), photo));
    const auto none = chain.apply(VideoFrame());
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, Code::InvalidArgument);
    VideoFrameView view;
    EXPECT_EQ(chain.apply(view).error().code, Code::InvalidArgument);
}

TEST(EffectChain, TurnsAndScales) {
    EffectChain chain;
    auto frame = test::random(640, 360, 1);
    frame.rotation = Rotation::Cw90;
    auto done = chain.apply(frame);
    ASSERT_TRUE(done);
    EXPECT_EQ(done->width(), 360);
    EXPECT_EQ(done->height(), 640);
    EXPECT_EQ(done->rotation, Rotation::None);
    Properties sized;
    sized.videoWidth = 320;
    sized.videoHeight = 180;
    ASSERT_TRUE(chain.setProperties(sized));
    done = chain.apply(test::random(640, 360, 2));
    EXPECT_EQ(done->width(), 320);
    EXPECT_EQ(done->height(), 180);
    ASSERT_TRUE(chain.setProperties({}));
    auto wide = test::random(320, 240, 3);
    wide.sampleAspectNum = 4;
    wide.sampleAspectDen = 3;
    done = chain.apply(wide);
    EXPECT_EQ(done->width(), 426);
    EXPECT_EQ(done->height(), 240);
}

TEST(EffectChain, MirrorsWhatNeedsIt) {
    EffectChain chain;
    auto frame = test::random(64, 32, 1);
    frame.mirrored = true;
    const auto done = chain.apply(frame);
    ASSERT_TRUE(done);
    EXPECT_FALSE(done->mirrored);
    for (int x = 0; x < 64; ++x) EXPECT_EQ(done->plane(0)[x], frame.plane(0)[63 - x]) << x;
}

TEST(EffectChain, TakesTheApplicationsPixels) {
    std::vector<std::uint8_t> rgba(std::size_t{64} * 64 * 4, 255);
    VideoFrameView view;
    view.format = PixelFormat::Rgba;
    view.width = view.height = 64;
    view.planes[0] = rgba.data();
    view.strides[0] = 64 * 4;
    view.pts = Timestamp(42);
    EffectChain chain;
    const auto done = chain.apply(view);
    ASSERT_TRUE(done);
    EXPECT_EQ(done->pts, Timestamp(42));
    EXPECT_NEAR(done->plane(0)[0], 235, 1);
}

TEST(EffectChain, CanBeMoved) {
    EffectChain chain;
    ASSERT_TRUE(chain.setProperties(everyLook()));
    EffectChain other = std::move(chain);
    const auto photo = test::astronaut();
    EXPECT_FALSE(test::samePixels(*other.apply(photo), photo));
    chain = EffectChain();
    EXPECT_TRUE(test::samePixels(*chain.apply(photo), photo));
}

std::size_t memoryInUse() {
    const auto info = ::mallinfo2();
    return info.uordblks + info.hblkhd;
}

/// LIVEPUSHER_TEST_SECONDS, or three.
std::chrono::seconds sweepTime() {
    const char* text = std::getenv("LIVEPUSHER_TEST_SECONDS");  // NOLINT(concurrency-mt-unsafe)
    return std::chrono::seconds(text ? std::max(std::atoi(text), 1) : 3);
}

TEST(EffectChain, TakesSweepsOfEveryPropertyWithoutGrowing) {
    const auto photo = test::astronaut({30, 20, 400, 224}, 320, 180, 3);
    EffectChain chain(EffectPace::live);
    test::Chance chance(1);
    Properties properties;
    std::size_t before = 0;
    long changes = 0;
    const auto end = std::chrono::steady_clock::now() + sweepTime();
    for (; changes < 60 || std::chrono::steady_clock::now() < end; ++changes) {
        if (changes == 50) before = memoryInUse();
        properties.beauty = chance(0, 9);
        properties.beautyStyle = chance(0, 1) != 0 ? BeautyStyle::nature : BeautyStyle::smooth;
        properties.whiteness = chance(0, 9);
        properties.filter = static_cast<Filter>(chance(0, 10));
        properties.filterStrength = chance(0, 10) / 10.0;
        properties.watermark = chance(0, 9) == 0 ? "" : "/usr/lib/python3/dist-packages/skimage/data/astronaut.png";
        properties.watermarkX = chance(0, 10) / 10.0;
        properties.watermarkWidth = chance(1, 10) / 10.0;
        ASSERT_TRUE(chain.setProperties(properties));
        for (int frame = 0; frame < 3; ++frame) {
            const auto done = chain.apply(photo);
            ASSERT_TRUE(done);
            ASSERT_EQ(done->width(), 320);
        }
    }
    const auto after = memoryInUse();
    std::cout << changes << " changes; memory " << before / 1024 << " -> " << after / 1024 << " KiB\n";
    // What is being made at that moment may differ; 0 under a sanitizer, which has a malloc() of its own.
    EXPECT_LT(after, before + (std::size_t{16} << 20U));
}

TEST(EffectChain, NeverMixesTwoLooksInAFrame) {
    // A picture whose upper half is its lower half: with one table and one mask the halves come out alike.
    auto frame = test::astronaut({30, 20, 400, 224}, 640, 320, 0);
    auto twice = VideoFrame::allocate(640, 640);
    twice.bt709 = frame.bt709;
    for (int plane = 0; plane < 3; ++plane)
        for (int y = 0; y < (plane > 0 ? 320 : 640); ++y)
            std::copy_n(frame.plane(plane) + y % (plane > 0 ? 160 : 320) * frame.stride(plane), plane > 0 ? 320 : 640,
                        twice.mutablePlane(plane) + y * twice.stride(plane));
    EffectChain chain(EffectPace::live);
    Properties properties;
    for (int i = 0; i < 300; ++i) {
        if (i % 3 == 0) {
            properties.filter = static_cast<Filter>(i / 3 % 11);
            properties.whiteness = i / 3 % 10;
            ASSERT_TRUE(chain.setProperties(properties));
        }
        const auto done = chain.apply(twice);
        ASSERT_TRUE(done);
        for (int plane = 0; plane < 3; ++plane)
            for (int y = 0; y < (plane > 0 ? 160 : 320); ++y)
                ASSERT_TRUE(std::equal(done->plane(plane) + y * done->stride(plane),
                                       done->plane(plane) + y * done->stride(plane) + (plane > 0 ? 320 : 640),
                                       done->plane(plane) + (y + (plane > 0 ? 160 : 320)) * done->stride(plane)));
    }
}

}  // namespace
}  // namespace livepusher
