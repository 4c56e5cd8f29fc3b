// SPDX-License-Identifier: MIT
#include "encode/avc_config.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace livepusher::encode {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST(AvcConfig, OfMainProfileEndsAfterThePps) {
    const Bytes sps{0x67, 77, 0x40, 31, 9};
    const Bytes pps{0x68, 1};
    EXPECT_EQ(makeAvcConfig(sps, pps), (Bytes{1, 77, 0x40, 31, 0xff, 0xe1, 0, 5, 0x67, 77, 0x40, 31, 9, 1, 0, 2, 0x68, 1}));
}

TEST(AvcConfig, OfHighProfileTellsChromaFormatAndDepth) {
    const Bytes sps{0x67, 100, 0, 31};
    const Bytes pps{0x68};
    EXPECT_EQ(makeAvcConfig(sps, pps),
              (Bytes{1, 100, 0, 31, 0xff, 0xe1, 0, 4, 0x67, 100, 0, 31, 1, 0, 1, 0x68, 0xfd, 0xf8, 0xf8, 0}));
}

TEST(AvcConfig, WritesLengthsOverAByteHighByteFirst) {
    const Bytes sps(0x1234, 77);
    const auto record = makeAvcConfig(sps, Bytes{0x68});
    EXPECT_EQ(record[6], 0x12);
    EXPECT_EQ(record[7], 0x34);
}

}  // namespace
}  // namespace livepusher::encode
