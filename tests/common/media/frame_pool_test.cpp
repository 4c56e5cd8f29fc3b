// SPDX-License-Identifier: MIT
#include "media/frame_pool.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace livepusher::base {

TEST(FramePool, MemoryComesBackAndIsLentAgain) {
    FramePool pool;
    const std::uint8_t* first = nullptr;
    {
        auto frame = pool.take(64, 48);
        first = frame.plane(0);
        EXPECT_FALSE(frame.shared());
    }
    EXPECT_EQ(pool.take(64, 48).plane(0), first);
}

TEST(FramePool, AFrameInUseIsNotLentTwice) {
    FramePool pool;
    const auto a = pool.take(64, 48);
    const auto b = pool.take(64, 48);
    EXPECT_NE(a.plane(0), b.plane(0));
}

TEST(FramePool, ACopyOfAFrameKeepsTheMemory) {
    FramePool pool;
    auto a = pool.take(64, 48);
    const auto kept = a;
    EXPECT_TRUE(a.shared());
    a = {};
    EXPECT_NE(pool.take(64, 48).plane(0), kept.plane(0));
}

TEST(FramePool, AnotherSizeForgetsTheOldMemory) {
    FramePool pool;
    { const auto old = pool.take(64, 48); }
    EXPECT_EQ(pool.take(128, 96).width(), 128);
}

TEST(FramePool, FramesMayOutliveThePool) {
    VideoFrame frame;
    {
        FramePool pool;
        frame = pool.take(64, 48);
    }
    frame.mutablePlane(0)[0] = 7;
    EXPECT_EQ(frame.plane(0)[0], 7);
}

TEST(FramePool, AFrameLikeAnotherHasAllOfItButThePixels) {
    auto other = VideoFrame::allocate(64, 48);
    other.pts = Timestamp(123);
    other.rotation = Rotation::Cw90;
    other.mirrored = true;
    other.sampleAspectNum = 4;
    other.sampleAspectDen = 3;
    other.bt709 = false;
    FramePool pool;
    const auto like = pool.takeLike(other);
    EXPECT_EQ(like.width(), 64);
    EXPECT_EQ(like.height(), 48);
    EXPECT_EQ(like.pts, other.pts);
    EXPECT_EQ(like.rotation, other.rotation);
    EXPECT_TRUE(like.mirrored);
    EXPECT_EQ(like.sampleAspectNum, 4);
    EXPECT_EQ(like.sampleAspectDen, 3);
    EXPECT_FALSE(like.bt709);
    EXPECT_NE(like.plane(0), other.plane(0));
}

TEST(VideoFrame, RowsStartAtMultiplesOf64Bytes) {
    const auto frame = VideoFrame::allocate(362, 642);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(frame.plane(i)) % 64, 0U);
        EXPECT_EQ(frame.stride(i) % 64, 0);
        EXPECT_GE(frame.stride(i), i == 0 ? 362 : 181);
    }
    EXPECT_EQ(frame.plane(0)[0], 16);
    EXPECT_EQ(frame.plane(1)[0], 128);
}

}  // namespace livepusher::base
