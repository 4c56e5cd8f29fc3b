// SPDX-License-Identifier: MIT
#include "effects/effects.hpp"

#include "corners.hpp"

#include <gtest/gtest.h>

namespace livepusher::effects {
namespace {

TEST(VideoChain, GivesTheTargetsSizeUpright) {
    const auto chain = makeVideoChain();
    auto frame = livepusher::test::quarters(640, 480);
    frame.rotation = Rotation::Cw90;
    chain->apply(frame, {360, 640}, {});
    EXPECT_EQ(frame.width(), 360);
    EXPECT_EQ(frame.height(), 640);
    EXPECT_EQ(livepusher::test::cornersOf(frame), (livepusher::test::Corners{{2, 0, 3, 1}}));
}

}  // namespace
}  // namespace livepusher::effects
