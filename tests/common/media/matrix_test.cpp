// SPDX-License-Identifier: MIT
#include "media/matrix.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace livepusher::base {
namespace {

VideoFrame plain(const std::array<int, 3>& colour, bool bt709) {
    auto frame = VideoFrame::allocate(34, 18);
    frame.bt709 = bt709;
    for (const int i : {0, 1, 2})
        std::fill_n(frame.mutablePlane(i), frame.stride(i) * (i == 0 ? 18 : 9),
                    static_cast<std::uint8_t>(colour[static_cast<unsigned>(i)]));
    return frame;
}

void expectColour(const VideoFrame& frame, const std::array<int, 3>& colour) {
    for (const int i : {0, 1, 2}) {
        EXPECT_NEAR(frame.plane(i)[0], colour[static_cast<unsigned>(i)], 1);
        EXPECT_NEAR(frame.plane(i)[(i == 0 ? 17 : 8) * frame.stride(i) + (i == 0 ? 33 : 16)], colour[static_cast<unsigned>(i)],
                    1);
    }
}

TEST(Matrix, PrimariesAndGreysKeepTheirColourInBothDirections) {
    const struct {
        std::array<int, 3> bt601, bt709;
    } table[] = {{{81, 90, 240}, {63, 102, 240}},     // red
                 {{145, 54, 34}, {173, 42, 26}},      // green
                 {{41, 240, 110}, {32, 240, 118}},    // blue
                 {{210, 16, 146}, {219, 16, 138}},    // yellow
                 {{235, 128, 128}, {235, 128, 128}},  // white
                 {{16, 128, 128}, {16, 128, 128}}};   // black
    for (const auto& row : table) {
        const auto to709 = withMatrix(plain(row.bt601, false), true);
        EXPECT_TRUE(to709.bt709);
        expectColour(to709, row.bt709);
        const auto to601 = withMatrix(plain(row.bt709, true), false);
        EXPECT_FALSE(to601.bt709);
        expectColour(to601, row.bt601);
    }
}

TEST(Matrix, WhatHasItAlreadyIsNotCopiedAndNothingElseChanges) {
    auto frame = plain({100, 100, 100}, false);
    frame.pts = Timestamp(5);
    frame.rotation = Rotation::Cw90;
    frame.mirrored = true;
    EXPECT_EQ(withMatrix(frame, false).plane(0), frame.plane(0));
    const auto other = withMatrix(frame, true);
    EXPECT_EQ(other.pts, Timestamp(5));
    EXPECT_EQ(other.rotation, Rotation::Cw90);
    EXPECT_TRUE(other.mirrored);
    EXPECT_EQ(frame.plane(0)[0], 100);
    EXPECT_FALSE(withMatrix(VideoFrame{}, true));
}

}  // namespace
}  // namespace livepusher::base
