// SPDX-License-Identifier: MIT
#include "audio/allocations.hpp"
#include "effects/effects.hpp"
#include "photos.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace livepusher::effects {
namespace {

TEST(Effects, AllocateNothingForAFrameOnceTheyHaveBegun) {
    if (!test::allocations()) GTEST_SKIP() << "a sanitizer has a malloc() of its own";
    const auto mailbox = std::make_shared<FaceMailbox>();
    mailbox->faces.push_back(test::portraitFace());
    std::vector<std::unique_ptr<VideoEffect>> effects;
    effects.push_back(makeSmoothing(mailbox));
    effects.push_back(makeSmoothing());
    effects.push_back(makeColourTable());
    effects.push_back(makeVideoChain());
    Properties properties;
    properties.beauty = 5;
    properties.whiteness = 3;
    properties.filter = Filter::pink;
    properties.faceModels = "/nowhere";  // a look for faces hands a picture to their thread, by a handle that is allocated
    for (const auto& effect : effects) {
        auto frame = test::portrait();  // nobody else has it: changed in place
        const auto before = frame.plane(0);
        long count = 0;
        for (int i = 0; i < 12; ++i) {
            if (i == 2) count = *test::allocations();
            effect->apply(frame, {frame.width(), frame.height()}, properties);
        }
        EXPECT_EQ(*test::allocations(), count);
        EXPECT_EQ(frame.plane(0), before);
    }
}

}  // namespace
}  // namespace livepusher::effects
