// SPDX-License-Identifier: MIT
#include "media/orientation_sei.hpp"

#include <gtest/gtest.h>

#include "make_sei.hpp"

namespace livepusher::capture {
namespace {

using base::Orientation;
constexpr int kQuarter = 1 << 14;

TEST(OrientationSei, AllEightAreReadInBothCodecs) {
    struct {
        SeiRecipe recipe;
        Orientation expected;
    } const table[] = {
        {{}, {}},
        {{.anticlockwise = kQuarter}, {Rotation::Cw270}},
        {{.anticlockwise = 2 * kQuarter}, {Rotation::Cw180}},
        {{.anticlockwise = 3 * kQuarter}, {Rotation::Cw90}},
        {{.horizontal = true}, {Rotation::None, true}},
        {{.horizontal = true, .anticlockwise = kQuarter}, {Rotation::Cw270, true}},
        {{.horizontal = true, .anticlockwise = 3 * kQuarter}, {Rotation::Cw90, true}},
        {{.vertical = true}, {Rotation::Cw180, true}},
        {{.vertical = true, .anticlockwise = kQuarter}, {Rotation::Cw90, true}},
        {{.horizontal = true, .vertical = true}, {Rotation::Cw180}},
        {{.anticlockwise = kQuarter - 2000}, {Rotation::Cw270}},  // the nearest quarter
        {{.anticlockwise = 4 * kQuarter - 1}, {}},
        {{.cancel = true}, {}},
    };
    for (const auto codec : {VideoCodec::h264, VideoCodec::hevc})
        for (auto row : table)
            for (const int others : {0, 2}) {
                row.recipe.othersBefore = others;
                const auto read = readOrientationSei(codec, makeSei(codec, row.recipe));
                ASSERT_TRUE(read);
                EXPECT_EQ(*read, row.expected) << row.recipe.horizontal << row.recipe.vertical << row.recipe.anticlockwise;
            }
}

TEST(OrientationSei, WhatIsCutShortOrAnotherIsNone) {
    for (const auto codec : {VideoCodec::h264, VideoCodec::hevc}) {
        const auto whole = makeSei(codec, {.anticlockwise = kQuarter, .othersBefore = 1});
        for (std::size_t size = 1; size + 4 < whole.size(); ++size)
            EXPECT_FALSE(readOrientationSei(codec, base::Nal(whole).first(size))) << size;
        auto slice = whole;
        slice[0] = codec == VideoCodec::hevc ? 1 << 1 : 1;
        EXPECT_FALSE(readOrientationSei(codec, slice));
        EXPECT_FALSE(readOrientationSei(codec == VideoCodec::hevc ? VideoCodec::h264 : VideoCodec::hevc, whole));
    }
}

}  // namespace
}  // namespace livepusher::capture
