// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <string>

#include "media/hevc_config.hpp"

// The parameter sets are those of x264 and x265.
namespace livepusher::base {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes bytes(const std::string& hex) {
    Bytes all;
    for (std::size_t at = 0; at < hex.size(); at += 2)
        all.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(at, 2), nullptr, 16)));
    return all;
}

const Bytes kAvcSps = bytes("6764001eacd940a02ff970110000030001000003003c0f162d96"), kAvcPps = bytes("68ef8fcb");
const Bytes kHevcVps = bytes("40010c01ffff01600000030090000003000003003c959809");
const Bytes kHevcSps = bytes("42010101600000030090000003000003003ca00a480b9c9596566924caf0168080000003008000001904");
const Bytes kHevcPps = bytes("4401c172b46240");

TEST(DecoderConfig, AnAvcSpsTellsSizeRateAndDepth) {
    EXPECT_EQ(readAvcSps(kAvcSps), (SpsInfo{.width = 640, .height = 360, .fps = 30, .frameNumBits = 4}));
    EXPECT_EQ(readAvcSps(bytes("6742c00cda0507ec0440000003004000000783c50aa8")),
              (SpsInfo{.width = 320, .height = 240, .fps = 15, .frameNumBits = 4}));
    const auto interlaced = readAvcSps(bytes("67640028ace8078044fde022000007d20001d4c03e2c5d40"));
    ASSERT_TRUE(interlaced);
    EXPECT_EQ(interlaced->width, 1920);
    EXPECT_EQ(interlaced->height, 1080) << "1088 cropped, in fields";
    EXPECT_NEAR(interlaced->fps, 30000 / 1001.0, 0.001);
}

TEST(DecoderConfig, AnHevcSpsTellsSizeRateAndDepth) {
    EXPECT_EQ(readHevcSps(kHevcSps), (SpsInfo{.width = 322, .height = 182, .fps = 50})) << "328x184 cropped";
    const auto deep = bytes("4201020220000003009000000300000300780000a003c0801107cad965652b2a5270bc05a02000000300200000030321");
    EXPECT_EQ(readHevcSps(deep), (SpsInfo{.width = 1920, .height = 1080, .fps = 25, .lumaDepth = 10, .chromaDepth = 10}));
}

TEST(DecoderConfig, WhatIsNoSpsOrCutOffIsNotRead) {
    for (std::size_t length = 0; length < 10; ++length) {
        EXPECT_FALSE(readAvcSps(Nal(kAvcSps).first(length)));
        EXPECT_FALSE(readHevcSps(Nal(kHevcSps).first(length)));
    }
    EXPECT_FALSE(readAvcSps(kAvcPps));
    EXPECT_FALSE(readAvcSps(kHevcSps));
    EXPECT_FALSE(readHevcSps(kAvcSps));
}

TEST(DecoderConfig, AnAvcRecordHoldsProfileAndSets) {
    const auto record = avcConfig(kAvcSps, kAvcPps);
    EXPECT_EQ(record, bytes("0164001effe1001a6764001eacd940a02ff970110000030001000003003c0f162d9601000468ef8fcbfdf8f800"));
    const auto read = readAvcConfig(record);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->lengthSize, 4);
    ASSERT_EQ(read->sets.size(), 2U);
    EXPECT_EQ(Bytes(read->sets[0].begin(), read->sets[0].end()), kAvcSps);
    EXPECT_EQ(Bytes(read->sets[1].begin(), read->sets[1].end()), kAvcPps);
}

TEST(DecoderConfig, AnHevcRecordHoldsProfileAndSets) {
    const auto record = hevcConfig(kHevcVps, kHevcSps, kHevcPps);
    ASSERT_GT(record.size(), 23U);
    EXPECT_EQ(Bytes(record.begin(), record.begin() + 23), bytes("01"
                                                                "01"
                                                                "60000000"
                                                                "900000000000"
                                                                "3c"
                                                                "f000"
                                                                "fc"
                                                                "fd"
                                                                "f8"
                                                                "f8"
                                                                "0000"
                                                                "0f"
                                                                "03"));
    const auto read = readHevcConfig(record);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->lengthSize, 4);
    ASSERT_EQ(read->sets.size(), 3U);
    EXPECT_EQ(Bytes(read->sets[1].begin(), read->sets[1].end()), kHevcSps);
}

TEST(DecoderConfig, ARecordThatIsCutOffIsNotRead) {
    const auto avc = avcConfig(kAvcSps, kAvcPps), hevc = hevcConfig(kHevcVps, kHevcSps, kHevcPps);
    for (std::size_t length = 0; length < avc.size() - 4; ++length) EXPECT_FALSE(readAvcConfig(std::span(avc).first(length)));
    for (std::size_t length = 0; length < hevc.size(); ++length) EXPECT_FALSE(readHevcConfig(std::span(hevc).first(length)));
}

}  // namespace
}  // namespace livepusher::base
