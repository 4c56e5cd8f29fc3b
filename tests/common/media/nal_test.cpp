// SPDX-License-Identifier: MIT
#include "media/nal.hpp"

#include <gtest/gtest.h>

#include "media/bit_reader.hpp"

namespace livepusher::base {
namespace {

using Bytes = std::vector<std::uint8_t>;

std::vector<Bytes> copies(const std::vector<Nal>& nals) {
    std::vector<Bytes> all;
    for (const auto& nal : nals) all.emplace_back(nal.begin(), nal.end());
    return all;
}

TEST(Nal, StartCodesOfThreeAndFourBytesAndTrailingZerosGo) {
    const Bytes data{0, 0, 0, 1, 0x67, 1, 2, 0, 0, 1, 0x68, 3, 0, 0, 0, 0, 0, 1, 0x65, 4, 0, 0};
    EXPECT_EQ(copies(splitStartCodes(data)), (std::vector<Bytes>{{0x67, 1, 2}, {0x68, 3}, {0x65, 4}}));
    EXPECT_EQ(copies(splitNals(data)), copies(splitStartCodes(data)));
}

TEST(Nal, LengthsMustFillTheDataExactly) {
    const Bytes data{0, 0, 0, 2, 0x67, 1, 0, 0, 0, 1, 0x65};
    EXPECT_EQ(copies(splitLengths(data)), (std::vector<Bytes>{{0x67, 1}, {0x65}}));
    EXPECT_TRUE(splitLengths(Bytes{0, 0, 0, 2, 0x67}).empty());
    EXPECT_TRUE(splitLengths(Bytes{0, 0, 0, 1, 0x67, 0}).empty());
    EXPECT_TRUE(splitLengths(Bytes{0, 0, 0, 0, 0, 0, 0, 1, 0x67}).empty());
    EXPECT_EQ(copies(splitLengths(Bytes{0, 2, 0x67, 1, 0, 1, 0x65}, 2)), (std::vector<Bytes>{{0x67, 1}, {0x65}}));
}

TEST(Nal, BothFormsAreToldApart) {
    Bytes lengths{0, 0, 1, 4};  // a length of 260 that looks like a start code
    lengths.push_back(0x65);
    lengths.resize(4 + 260, 0x55);
    EXPECT_EQ(splitNals(lengths).size(), 1U);
    EXPECT_EQ(splitNals(lengths)[0].size(), 260U);
    EXPECT_TRUE(splitNals(Bytes{0x67, 1, 2, 0, 0, 1, 0x68}).empty()) << "neither at its beginning";
    EXPECT_TRUE(splitNals(Bytes{}).empty());
    EXPECT_TRUE(splitNals(Bytes{0, 0, 0, 0}).empty());
    EXPECT_TRUE(splitNals(Bytes{0, 0, 1}).empty());
}

TEST(BitReader, ReadsGolombNumbersAndPassesOverEmulationPrevention) {
    const Bytes numbers{0b1'010'011'0, 0b0100'0010};
    BitReader in(numbers);
    EXPECT_EQ(in.unsignedGolomb(), 0U);
    EXPECT_EQ(in.unsignedGolomb(), 1U);
    EXPECT_EQ(in.signedGolomb(), -1);
    EXPECT_EQ(in.unsignedGolomb(), 3U);
    EXPECT_FALSE(in.overrun());
    const Bytes hidden{0, 0, 3, 1};
    BitReader bytes(hidden);
    EXPECT_EQ(bytes.bits(24), 1U);
    EXPECT_FALSE(bytes.overrun());
    EXPECT_EQ(bytes.bits(32), 0U);
    EXPECT_TRUE(bytes.overrun());
}

}  // namespace
}  // namespace livepusher::base
