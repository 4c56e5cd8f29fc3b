// SPDX-License-Identifier: MIT

#include "corners.hpp"
#include "media/fit.hpp"

#include <gtest/gtest.h>

namespace livepusher::base {
namespace {

TEST(Mirrored, ExchangesLeftAndRightAndLeavesTheOriginal) {
    FramePool pool;
    auto frame = test::quarters(64, 32);
    frame.pts = Timestamp(99);
    frame.bt709 = false;
    const auto out = mirrored(frame, pool);
    EXPECT_EQ(test::cornersOf(out), (test::Corners{{1, 0, 3, 2}}));
    EXPECT_EQ(test::cornersOf(frame), (test::Corners{{0, 1, 2, 3}}));
    EXPECT_EQ(out.pts, Timestamp(99));
    EXPECT_FALSE(out.bt709);
}

TEST(Mirrored, MeansLeftAndRightOfTheUprightPicture) {
    FramePool pool;
    for (int orientation = 0; orientation < 8; ++orientation) {
        const auto rotation = static_cast<Rotation>(orientation % 4 * 90);
        auto frame = test::quarters(64, 32);
        frame.rotation = rotation;
        frame.mirrored = orientation >= 4;
        auto before = mirrored(frame, pool);
        FitMemory memory;
        const PictureSize target =
            rotation == Rotation::Cw90 || rotation == Rotation::Cw270 ? PictureSize{32, 64} : PictureSize{64, 32};
        before = fitted(before, target, VideoFit::fillCrop, false, memory);
        frame = fitted(frame, target, VideoFit::fillCrop, true, memory);
        EXPECT_EQ(test::cornersOf(before), test::cornersOf(frame)) << orientation;
    }
}

}  // namespace
}  // namespace livepusher::base
