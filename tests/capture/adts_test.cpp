// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <array>

#include "capture/adts.hpp"

namespace livepusher::capture {
namespace {

using Bytes = std::array<std::uint8_t, 7>;

TEST(Adts, TellsHowLongAPacketIs) {
    EXPECT_EQ(adtsDuration(Bytes{0xff, 0xf1, 0x4c, 0x80, 0x20, 0x3f, 0xfc}), Timestamp(21'333));       // 48 kHz
    EXPECT_EQ(adtsDuration(Bytes{0xff, 0xf9, 0x50, 0x80, 0x20, 0x3f, 0xfc}), Timestamp(23'219));       // 44.1 kHz, MPEG-2
    EXPECT_EQ(adtsDuration(Bytes{0xff, 0xf1, 0x6c, 0x80, 0x20, 0x3f, 0xfd}), Timestamp(2 * 128'000));  // 8 kHz, two blocks
}

TEST(Adts, TellsNothingOfWhatHasNoHeader) {
    EXPECT_FALSE(adtsDuration(Bytes{0x21, 0x1b, 0x4c, 0x80, 0x20, 0x3f, 0xfc}));  // raw AAC
    EXPECT_FALSE(adtsDuration(Bytes{0xff, 0xfb, 0x4c, 0x80, 0x20, 0x3f, 0xfc}));  // MP3
    EXPECT_FALSE(adtsDuration(Bytes{0xff, 0xf1, 0x7c, 0x80, 0x20, 0x3f, 0xfc}));  // rate 15
    const Bytes whole{0xff, 0xf1, 0x4c, 0x80, 0x20, 0x3f, 0xfc};
    for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(adtsDuration({whole.data(), size})) << size;
}

}  // namespace
}  // namespace livepusher::capture
