// SPDX-License-Identifier: MIT
#include <livepusher/calls.hpp>

#include <gtest/gtest.h>

#include <cmath>

namespace livepusher {

TEST(Volume, IsANumberOrTheDocumentsText) {
    EXPECT_EQ(VolumeOptions{.volume = 0.25}.volume, 0.25);
    EXPECT_EQ(VolumeOptions{.volume = "0.5"}.volume, 0.5);
    EXPECT_EQ(Volume(std::string_view("1")), 1.0);
}

TEST(Volume, WhatIsNoNumberIsNone) {
    for (const auto* text : {"", "loud", "0.5x", " 1", "0,5"}) EXPECT_TRUE(std::isnan(Volume(text))) << text;
}

}  // namespace livepusher
