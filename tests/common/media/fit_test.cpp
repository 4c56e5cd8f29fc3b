// SPDX-License-Identifier: MIT
#include "media/fit.hpp"

#include "corners.hpp"

#include <gtest/gtest.h>

namespace livepusher::base {
namespace {

using test::Corners;
using test::cornersOf;
using test::quarterAt;
using test::quarters;

struct FitTest : testing::Test {
    FitMemory memory;
    Properties properties;
    VideoFrame apply(VideoFrame frame, int width, int height) {
        return fitted(std::move(frame), {width, height}, properties.videoFit, properties.remoteMirror, memory);
    }
};

struct TurnCase {
    Rotation rotation;
    bool mirror;
    Corners expected;
};
constexpr TurnCase kTurns[] = {
    {Rotation::None, false, {{0, 1, 2, 3}}},  {Rotation::None, true, {{1, 0, 3, 2}}},   {Rotation::Cw90, false, {{2, 0, 3, 1}}},
    {Rotation::Cw90, true, {{0, 2, 1, 3}}},   {Rotation::Cw180, false, {{3, 2, 1, 0}}}, {Rotation::Cw180, true, {{2, 3, 0, 1}}},
    {Rotation::Cw270, false, {{1, 3, 0, 2}}}, {Rotation::Cw270, true, {{3, 1, 2, 0}}},
};

TEST_F(FitTest, TurnsAndMirrorsAtEverySizeAspectAndFit) {
    struct {
        int width, height, targetWidth, targetHeight;
    } const sizes[] = {
        {320, 240, 320, 240}, {320, 240, 240, 320},  {320, 240, 160, 120},   {320, 240, 100, 76},   {320, 240, 640, 480},
        {320, 240, 480, 640}, {640, 480, 180, 320},  {176, 144, 362, 642},   {1280, 720, 360, 640}, {64, 64, 64, 64},
        {360, 640, 640, 360}, {640, 360, 1280, 720}, {1920, 1080, 640, 360}, {66, 34, 130, 258},
    };
    for (const auto& size : sizes) {
        for (const auto& turn : kTurns) {
            for (const auto videoFit : {VideoFit::fillCrop, VideoFit::contain}) {
                SCOPED_TRACE(std::to_string(size.width) + "x" + std::to_string(size.height) + " to " +
                             std::to_string(size.targetWidth) + "x" + std::to_string(size.targetHeight) + " turned " +
                             std::to_string(static_cast<int>(turn.rotation)) + (turn.mirror ? " mirrored" : "") +
                             (videoFit == VideoFit::contain ? " contained" : ""));
                properties.remoteMirror = turn.mirror;
                properties.videoFit = videoFit;
                auto frame = quarters(size.width, size.height);
                frame.rotation = turn.rotation;
                frame.pts = Timestamp(1234);
                const auto out = apply(frame, size.targetWidth, size.targetHeight);
                ASSERT_EQ(out.width(), size.targetWidth);
                ASSERT_EQ(out.height(), size.targetHeight);
                EXPECT_EQ(out.rotation, Rotation::None);
                EXPECT_EQ(out.pts, Timestamp(1234));
                // A sixth from the middle is inside the picture whatever the bars are.
                const int x = out.width() / 2, y = out.height() / 2, dx = out.width() / 8, dy = out.height() / 8;
                const Corners inner{{quarterAt(out, x - dx, y - dy), quarterAt(out, x + dx, y - dy),
                                     quarterAt(out, x - dx, y + dy), quarterAt(out, x + dx, y + dy)}};
                EXPECT_EQ(inner, turn.expected);
                if (videoFit == VideoFit::fillCrop) {
                    EXPECT_EQ(cornersOf(out), turn.expected);
                }
            }
        }
    }
}

TEST_F(FitTest, AMirroredFrameIsMirroredBeforeItsTurnAndRemoteMirrorComesAfterIt) {
    struct {
        int width, height, targetWidth, targetHeight;
    } const sizes[] = {{320, 240, 320, 240}, {320, 240, 240, 320}, {320, 240, 160, 120}, {640, 480, 180, 320},
                       {320, 240, 480, 640}, {64, 64, 64, 64},     {66, 34, 130, 258},   {360, 640, 640, 360}};
    for (const auto& size : sizes)
        for (const auto& turn : kTurns)
            for (const bool mirrored : {false, true}) {
                SCOPED_TRACE(std::to_string(size.width) + "x" + std::to_string(size.height) + " to " +
                             std::to_string(size.targetWidth) + "x" + std::to_string(size.targetHeight) + " turned " +
                             std::to_string(static_cast<int>(turn.rotation)) + (mirrored ? " mirrored" : "") +
                             (turn.mirror ? " remoteMirror" : ""));
                properties.remoteMirror = turn.mirror;
                auto frame = quarters(size.width, size.height);
                frame.rotation = turn.rotation;
                frame.mirrored = mirrored;
                const auto upright = test::seen({{0, 1, 2, 3}}, turn.rotation, mirrored);
                const auto out = apply(frame, size.targetWidth, size.targetHeight);
                EXPECT_EQ(cornersOf(out), test::seen(upright, Rotation::None, turn.mirror));
                EXPECT_EQ(out.rotation, Rotation::None);
                EXPECT_FALSE(out.mirrored);
            }
}

TEST_F(FitTest, LeavesAFrameThatIsRightUntouched) {
    const auto frame = quarters(320, 240);
    const auto* pixels = frame.plane(0);
    for (const auto videoFit : {VideoFit::fillCrop, VideoFit::contain}) {
        properties.videoFit = videoFit;
        EXPECT_EQ(apply(frame, 320, 240).plane(0), pixels);
    }
}

TEST_F(FitTest, NeverWritesTheFrameItWasGiven) {
    for (const auto& turn : kTurns) {
        properties.remoteMirror = turn.mirror;
        auto frame = quarters(320, 240);
        frame.rotation = turn.rotation;
        const VideoFrame shared = frame;
        const auto out = apply(std::move(frame), 240, 320);
        EXPECT_NE(out.plane(0), shared.plane(0));
        EXPECT_EQ(cornersOf(shared), (Corners{{0, 1, 2, 3}}));
        EXPECT_FALSE(out.shared());
    }
}

TEST_F(FitTest, CropsTheSidesEquallyToFill) {
    // Stripes 80 wide at both sides fall away.
    auto frame = VideoFrame::allocate(640, 360);
    for (int y = 0; y < 360; ++y)
        for (int x = 0; x < 640; ++x) test::paint(frame, x, y, test::kQuarterColours[x < 80 ? 0 : x < 560 ? 1 : 2]);
    const auto out = apply(frame, 480, 360);
    for (const int x : {0, 1, 240, 478, 479}) EXPECT_EQ(quarterAt(out, x, 100), 1) << x;
    EXPECT_EQ(out.sampleAspectNum, 1);
}

TEST_F(FitTest, DrawsBlackBarsBesideAPictureThatIsContained) {
    properties.videoFit = VideoFit::contain;
    const auto out = apply(quarters(320, 240), 640, 360);
    EXPECT_EQ(quarterAt(out, 0, 0), -2);
    EXPECT_EQ(quarterAt(out, 79, 359), -2);
    EXPECT_EQ(quarterAt(out, 80, 0), 0);
    EXPECT_EQ(quarterAt(out, 559, 359), 3);
    EXPECT_EQ(quarterAt(out, 560, 359), -2);
    EXPECT_EQ(quarterAt(out, 639, 0), -2);
}

TEST_F(FitTest, DrawsBlackBarsOverAndUnderAPictureThatIsContained) {
    properties.videoFit = VideoFit::contain;
    properties.remoteMirror = true;
    const auto out = apply(quarters(320, 240), 360, 640);
    EXPECT_EQ(quarterAt(out, 0, 0), -2);
    EXPECT_EQ(quarterAt(out, 359, 183), -2);
    EXPECT_EQ(quarterAt(out, 0, 184), 1);
    EXPECT_EQ(quarterAt(out, 359, 453), 2);
    EXPECT_EQ(quarterAt(out, 0, 454), -2);
    EXPECT_EQ(quarterAt(out, 359, 639), -2);
}

TEST_F(FitTest, DrawsTheBarsAgainInMemoryThatWasUsedBefore) {
    properties.videoFit = VideoFit::contain;
    for (int i = 0; i < 3; ++i) {
        properties.videoFit = i % 2 == 0 ? VideoFit::contain : VideoFit::fillCrop;
        const auto out = apply(quarters(320, 240), 640, 360);
        EXPECT_EQ(quarterAt(out, 0, 0), i % 2 == 0 ? -2 : 0);
    }
}

TEST_F(FitTest, MakesPixelsSquare) {
    // 720x576 with 64:45 pixels is 16:9: nothing may be cropped or barred.
    properties.videoFit = VideoFit::contain;
    auto frame = quarters(720, 576);
    frame.sampleAspectNum = 64;
    frame.sampleAspectDen = 45;
    const auto out = apply(frame, 1024, 576);
    EXPECT_EQ(cornersOf(out), (Corners{{0, 1, 2, 3}}));
    EXPECT_EQ(out.sampleAspectNum, out.sampleAspectDen);
    frame.rotation = Rotation::Cw90;
    EXPECT_EQ(cornersOf(apply(frame, 576, 1024)), (Corners{{2, 0, 3, 1}}));
}

TEST_F(FitTest, KeepsTheColourMatrix) {
    auto frame = quarters(320, 240);
    frame.bt709 = false;
    EXPECT_FALSE(apply(frame, 160, 120).bt709);
    frame.bt709 = true;
    EXPECT_TRUE(apply(frame, 160, 120).bt709);
}

TEST_F(FitTest, AveragesWhenItShrinksMuch) {
    auto frame = VideoFrame::allocate(640, 480);
    for (int y = 0; y < 480; ++y)
        for (int x = 0; x < 640; ++x) test::paint(frame, x, y, {(x + y) % 2 ? 200 : 100, 128, 128});
    const auto out = apply(frame, 160, 120);
    for (int x = 0; x < 160; ++x) EXPECT_NEAR(out.plane(0)[50 * out.stride(0) + x], 150, 2);
}

TEST_F(FitTest, FollowsAChangeOfTheTargetFromFrameToFrame) {
    for (const auto& [width, height] : {std::pair{360, 640}, {180, 320}, {360, 640}, {640, 360}}) {
        const auto out = apply(quarters(640, 480), width, height);
        EXPECT_EQ(out.width(), width);
        EXPECT_EQ(cornersOf(out), (Corners{{0, 1, 2, 3}}));
    }
}

TEST_F(FitTest, TurnedIsThePictureInMemoryTurnedAndNothingElse) {
    for (const auto& turn : kTurns) {
        auto frame = quarters(66, 34);
        frame.rotation = Rotation::Cw90;  // what it needs itself is the caller's to say
        frame.pts = Timestamp(1234);
        frame.bt709 = false;
        frame.sampleAspectNum = 4;
        frame.sampleAspectDen = 3;
        // kTurns has the mirror after the turn; an orientation has it before.
        const auto orientation = then({turn.rotation, false}, {Rotation::None, turn.mirror});
        const auto out = turned(frame, orientation, memory.frames);
        EXPECT_EQ(cornersOf(out), turn.expected);
        EXPECT_EQ(out.rotation, Rotation::None);
        EXPECT_EQ(out.pts, Timestamp(1234));
        EXPECT_FALSE(out.bt709);
        const bool side = orientation.onItsSide();
        EXPECT_EQ(sizeOf(out), (side ? PictureSize{34, 66} : PictureSize{66, 34}));
        EXPECT_EQ(std::pair(out.sampleAspectNum, out.sampleAspectDen), (side ? std::pair(3, 4) : std::pair(4, 3)));
        EXPECT_EQ(out.plane(0) == frame.plane(0), orientation.none()) << "no copy where nothing is to be done";
        EXPECT_EQ(cornersOf(frame), (Corners{{0, 1, 2, 3}}));
    }
}

}  // namespace
}  // namespace livepusher::base
