// SPDX-License-Identifier: MIT
#include "decode/frame_gaps.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "coded_stream.hpp"
#include "encode/encoders.hpp"
#include "encode/packet_list.hpp"

namespace livepusher::decode::test {
namespace {

std::vector<Packet> stream(bool lowLatency) {
    return livepusher::test::codedStream({.audio = false, .lowLatency = lowLatency, .frames = 75, .gop = 3});
}

TEST(FrameGaps, AWholeStreamHasNone) {
    for (const bool lowLatency : {true, false}) {
        const auto packets = stream(lowLatency);
        FrameGaps gaps;
        gaps.configure(*packets[0].data);
        for (std::size_t i = 1; i < packets.size(); ++i) EXPECT_FALSE(gaps.missing(*packets[i].data)) << i;
    }
}

TEST(FrameGaps, EachPictureThatOthersNeedIsMissed) {
    const auto packets = stream(true);
    for (std::size_t lost = 2; lost < 40; ++lost) {
        FrameGaps gaps;
        gaps.configure(*packets[0].data);
        int found = 0;
        for (std::size_t i = 1; i < packets.size(); ++i)
            if (i != lost && gaps.missing(*packets[i].data)) {
                ++found;
                EXPECT_EQ(i, lost + 1);
            }
        EXPECT_EQ(found, 1) << lost;
    }
}

TEST(FrameGaps, PicturesThatNoOtherNeedsAreNotMissed) {
    const auto packets = stream(false);
    FrameGaps gaps;
    gaps.configure(*packets[0].data);
    int left = 0;
    for (std::size_t i = 1; i < packets.size(); ++i) {
        const auto& data = *packets[i].data;
        if ((data[4] >> 5 & 3) == 0) {
            ++left;
            continue;
        }
        EXPECT_FALSE(gaps.missing(data)) << i;
    }
    EXPECT_GT(left, 10);
}

TEST(FrameGaps, AfterARestartNothingIsKnown) {
    const auto packets = stream(true);
    FrameGaps gaps;
    gaps.configure(*packets[0].data);
    gaps.missing(*packets[1].data);
    gaps.restart();
    EXPECT_FALSE(gaps.missing(*packets[20].data));
    EXPECT_TRUE(gaps.missing(*packets[22].data));
}

TEST(FrameGaps, WhatCantBeReadIsNeverMissing) {
    const auto packets = stream(true);
    FrameGaps gaps;
    EXPECT_FALSE(gaps.missing(*packets[5].data)) << "no configuration";
    std::mt19937 random(4);
    std::uniform_int_distribution<int> byte(0, 255);
    for (int n = 0; n < 2000; ++n) {
        auto record = *packets[0].data;
        for (int k = 0; k < n % 7; ++k)
            record[static_cast<std::size_t>(byte(random)) % record.size()] = static_cast<std::uint8_t>(byte(random));
        if (n % 5 == 0) record.resize(record.size() * static_cast<std::size_t>(n % 100) / 100);
        gaps.configure(record);
        for (std::size_t i = 1; i < 6; ++i) {
            auto data = *packets[i].data;
            for (int k = 0; k < n % 3; ++k)
                data[static_cast<std::size_t>(byte(random)) % data.size()] = static_cast<std::uint8_t>(byte(random));
            gaps.missing(data);
        }
    }
    gaps.configure({});
    for (std::size_t i = 1; i < packets.size(); i += 3) EXPECT_FALSE(gaps.missing(*packets[i].data));
}

}  // namespace
}  // namespace livepusher::decode::test
