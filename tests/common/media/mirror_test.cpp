// SPDX-License-Identifier: MIT
#include "media/mirror.hpp"

#include "corners.hpp"
#include "effects/fit.hpp"

#include <gtest/gtest.h>

namespace livepusher::effects {
namespace {

TEST(Mirrored, ExchangesLeftAndRightAndLeavesTheOriginal) {
    base::FramePool pool;
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
    base::FramePool pool;
    for (int orientation = 0; orientation < 8; ++orientation) {
        const auto rotation = static_cast<Rotation>(orientation % 4 * 90);
        auto frame = test::quarters(64, 32);
        frame.rotation = rotation;
        frame.mirrored = orientation >= 4;
        auto before = mirrored(frame, pool);
        const auto fit = makeFit();
        const VideoTarget target =
            rotation == Rotation::Cw90 || rotation == Rotation::Cw270 ? VideoTarget{32, 64} : VideoTarget{64, 32};
        Properties properties;
        fit->apply(before, target, properties);
        properties.remoteMirror = true;
        fit->apply(frame, target, properties);
        EXPECT_EQ(test::cornersOf(before), test::cornersOf(frame)) << orientation;
    }
}

}  // namespace
}  // namespace livepusher::effects
