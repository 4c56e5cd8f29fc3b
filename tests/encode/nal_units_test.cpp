// SPDX-License-Identifier: MIT
#include "encode/nal_units.hpp"

#include <livepusher/message.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace livepusher::encode {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST(NalUnits, SortsWhatAnEncoderPutsOut) {
    const Bytes avc{0, 0, 0, 1, 9, 0x10, 0, 0, 1,    0x67, 1, 0, 0, 1,    0x68, 2,
                    0, 0, 1, 6, 5, 0,    0, 1, 0x65, 3,    0, 0, 1, 0x0c, 0xff};
    const auto units = readNalUnits(avc, VideoCodec::h264);
    EXPECT_EQ(units.sps.size(), 1U);
    EXPECT_EQ(units.pps.size(), 1U);
    ASSERT_EQ(units.slices.size(), 1U);
    EXPECT_EQ(Bytes(units.slices[0].begin(), units.slices[0].end()), (Bytes{0x65, 3}));
    const Bytes hevc{0, 0, 1, 0x40, 1, 7, 0, 0, 1, 0x42, 1, 7, 0, 0, 1, 0x44, 1, 7, 0, 0, 1, 0x26, 1, 7, 0, 0, 1, 0x46, 1, 0x10};
    const auto sorted = readNalUnits(hevc, VideoCodec::hevc);
    EXPECT_EQ(sorted.vps.size() + sorted.sps.size() + sorted.pps.size(), 3U);
    EXPECT_EQ(sorted.slices.size(), 1U);
}

TEST(NalUnits, MakesNoConfigOfWhatMakesNoSense) {
    EXPECT_FALSE(decoderConfig({}, VideoCodec::h264));
    const Bytes set{0x67, 1}, pps{0x68, 1};
    NalUnits units;
    units.sps = {set};
    units.pps = {pps};
    EXPECT_FALSE(decoderConfig(units, VideoCodec::h264)) << "an SPS that is cut off";
    EXPECT_FALSE(decoderConfig(units, VideoCodec::hevc)) << "no VPS";
}

TEST(NalUnits, AMessageHasNoStartCodeInIt) {
    for (const auto codec : {VideoCodec::h264, VideoCodec::hevc}) {
        const auto unit = messageUnit(std::string(300, '\0'), codec);
        const Bytes start{0, 0, 1}, zeros{0, 0, 0};
        EXPECT_EQ(std::search(unit.begin(), unit.end(), start.begin(), start.end()), unit.end());
        EXPECT_EQ(std::search(unit.begin(), unit.end(), zeros.begin(), zeros.end()), unit.end());
        EXPECT_EQ(unit[0], codec == VideoCodec::h264 ? 6 : 78);
    }
}

}  // namespace
}  // namespace livepusher::encode
