// SPDX-License-Identifier: MIT
#include "effects/chain.hpp"

#include "corners.hpp"
#include "effects/effects.hpp"

#include <gtest/gtest.h>

namespace livepusher::effects {
namespace {

struct AddPts final : VideoEffect {
    explicit AddPts(int number) : digit(number) {}
    void apply(VideoFrame& frame, const VideoTarget&, const Properties&) override {
        frame.pts = Timestamp(frame.pts.count() * 10 + digit);
    }
    int digit;
};

TEST(Chain, AppliesItsStepsInOrder) {
    std::vector<std::unique_ptr<VideoEffect>> steps;
    for (const int digit : {1, 2, 3}) steps.push_back(std::make_unique<AddPts>(digit));
    Chain chain(std::move(steps));
    auto frame = VideoFrame::allocate(16, 16);
    chain.apply(frame, {16, 16}, {});
    EXPECT_EQ(frame.pts, Timestamp(123));
}

TEST(Chain, OfThePipelineGivesTheTargetsSizeUpright) {
    const auto chain = makeVideoChain();
    auto frame = test::quarters(640, 480);
    frame.rotation = Rotation::Cw90;
    chain->apply(frame, {360, 640}, {});
    EXPECT_EQ(frame.width(), 360);
    EXPECT_EQ(frame.height(), 640);
    EXPECT_EQ(test::cornersOf(frame), (test::Corners{{2, 0, 3, 1}}));
}

}  // namespace
}  // namespace livepusher::effects
