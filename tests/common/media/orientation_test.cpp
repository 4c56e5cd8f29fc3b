// SPDX-License-Identifier: MIT
#include "media/orientation.hpp"

#include <gtest/gtest.h>

#include <array>
#include <utility>
#include <vector>

namespace livepusher::base {
namespace {

using Corners = std::array<int, 4>;  // top left, top right, bottom left, bottom right

Corners shown(const Corners& c, Orientation orientation) {
    Corners seen = orientation.mirrored ? Corners{c[1], c[0], c[3], c[2]} : c;
    for (int quarter = 0; quarter < static_cast<int>(orientation.rotation) / 90; ++quarter)
        seen = {seen[2], seen[0], seen[3], seen[1]};
    return seen;
}

std::vector<Orientation> all() {
    std::vector<Orientation> eight;
    for (const bool mirrored : {false, true})
        for (const auto rotation : {Rotation::None, Rotation::Cw90, Rotation::Cw180, Rotation::Cw270})
            eight.push_back({rotation, mirrored});
    return eight;
}

constexpr Corners kPicture{0, 1, 2, 3};

TEST(Orientation, OneAfterTheOtherIsOneOfTheEight) {
    for (const auto first : all())
        for (const auto second : all()) EXPECT_EQ(shown(shown(kPicture, first), second), shown(kPicture, then(first, second)));
}

TEST(Orientation, TheInverseTakesItBack) {
    for (const auto one : all()) {
        EXPECT_TRUE(then(one, inverse(one)).none());
        EXPECT_TRUE(then(inverse(one), one).none());
    }
}

TEST(Orientation, IsOnePassOfLibyuvs) {
    for (const auto one : all()) {
        const auto pass = passOf(one);
        ASSERT_FALSE(pass.mirror && (pass.flip || pass.rotation != Rotation::None)) << "no pass can do both";
        Corners c = kPicture;
        if (pass.mirror) c = {c[1], c[0], c[3], c[2]};
        if (pass.flip) c = {c[2], c[3], c[0], c[1]};
        EXPECT_EQ(shown(c, {pass.rotation, false}), shown(kPicture, one));
    }
}

TEST(Orientation, TurnsOfAnyMultipleAreTaken) {
    EXPECT_EQ(rotationOf(-90), Rotation::Cw270);
    EXPECT_EQ(rotationOf(720 + 180), Rotation::Cw180);
    EXPECT_EQ(rotationOf(-360), Rotation::None);
}

TEST(Orientation, IsAFramesOwn) {
    auto frame = VideoFrame::allocate(16, 16);
    EXPECT_TRUE(orientationOf(frame).none());
    setOrientation(frame, {Rotation::Cw90, true});
    EXPECT_EQ(frame.rotation, Rotation::Cw90);
    EXPECT_TRUE(frame.mirrored);
    EXPECT_EQ(orientationOf(frame), (Orientation{Rotation::Cw90, true}));
}

}  // namespace
}  // namespace livepusher::base
