// SPDX-License-Identifier: MIT
#include "encode/av1_units.hpp"

#include <gtest/gtest.h>

namespace livepusher::encode {
namespace {

using Bytes = std::vector<std::uint8_t>;

const Bytes kDelimiter{0x12, 0};
// What SVT-AV1 1.4 says of 640x360 at 30 fps.
const Bytes kSequence{0x0a, 0x0e, 0, 0, 0, 0x0c, 0xc4, 0xff, 0x67, 0x3e, 0xfe, 0x44, 4, 4, 4, 0x10};
const Bytes kFrame{0x32, 3, 1, 2, 3};
const Bytes kPadding{0x7a, 2, 0, 0x80};
const Bytes kLast{0x30, 9, 9};  // without a size

Bytes operator+(Bytes a, const Bytes& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

TEST(Av1Units, MakesTheDecodersRecordOfASequenceHeader) {
    const auto read = readAv1Sequence(kDelimiter + kSequence + kFrame);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->width, 640);
    EXPECT_EQ(read->height, 360);
    EXPECT_EQ(read->record, (Bytes{0x81, 1, 0x0c, 0} + kSequence)) << "main profile, level 2.1, 8 bit, 4:2:0";
}

TEST(Av1Units, FindsNoSequenceWhereThereIsNone) {
    EXPECT_FALSE(readAv1Sequence({}));
    EXPECT_FALSE(readAv1Sequence(kDelimiter + kFrame));
    for (std::size_t size = 1; size + 1 < kSequence.size() - 1; ++size) {
        Bytes cut(kSequence.begin(), kSequence.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_FALSE(readAv1Sequence(cut)) << size << " bytes";
    }
    EXPECT_FALSE(readAv1Sequence(Bytes{0x0a, 3, 0, 0, 0})) << "a header that ends too early";
}

TEST(Av1Units, LeavesDelimitersAndPaddingOut) {
    EXPECT_EQ(av1Sample(kDelimiter + kSequence + kFrame + kPadding + kLast), kSequence + kFrame + kLast);
    EXPECT_TRUE(av1Sample(Bytes{0x32, 9, 1}).empty()) << "longer than there is";
    EXPECT_TRUE(av1Sample(Bytes{0x32, 0x80, 0x80, 0x80, 0x80, 0x80}).empty()) << "a size without an end";
}

}  // namespace
}  // namespace livepusher::encode
