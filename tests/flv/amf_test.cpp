// SPDX-License-Identifier: MIT
#include "flv/amf.hpp"

#include <gtest/gtest.h>

#include "bytes.hpp"
#include "flv/amf_writer.hpp"

namespace livepusher::rtmp {
namespace {

using test::be;
using test::Bytes;
using test::text;
using test::operator+;

TEST(Amf, EncodesEachTypeAsTheSpecificationHasIt) {
    EXPECT_EQ(AmfWriter().number(1).bytes(), (Bytes{0, 0x3F, 0xF0, 0, 0, 0, 0, 0, 0}));
    EXPECT_EQ(AmfWriter().boolean(true).bytes(), (Bytes{1, 1}));
    EXPECT_EQ(AmfWriter().string("ab").bytes(), (Bytes{2, 0, 2, 'a', 'b'}));
    EXPECT_EQ(AmfWriter().null().bytes(), (Bytes{5}));
    EXPECT_EQ(AmfWriter().beginObject().flag("f", false).endObject().bytes(), (Bytes{3, 0, 1, 'f', 1, 0, 0, 0, 9}));
    EXPECT_EQ(AmfWriter().beginEcmaArray(1).member("s", "x").endObject().bytes(),
              (Bytes{8, 0, 0, 0, 1, 0, 1, 's', 2, 0, 1, 'x', 0, 0, 9}));
}

TEST(Amf, ReadsBackWhatItWrites) {
    AmfWriter out;
    out.string("name").number(-2.5).boolean(true).null().beginObject().member("code", "A.B").member("n", 7.0).endObject();
    AmfReader in(out.bytes());
    EXPECT_EQ(in.next()->string, "name");
    EXPECT_EQ(in.next()->number, -2.5);
    EXPECT_EQ(in.next()->number, 1);
    EXPECT_EQ(in.next()->type, AmfValue::Type::Null);
    const auto object = in.next();
    ASSERT_TRUE(object);
    EXPECT_EQ(object->text("code"), "A.B");
    EXPECT_EQ(object->text("n"), "") << "a number is no text";
    EXPECT_TRUE(in.atEnd());
    EXPECT_FALSE(in.next());
}

TEST(Amf, ReadsTheTypesThatOnlyServersSend) {
    const Bytes bytes = Bytes{11} + be(0, 8) + be(0, 2) +                    // date
                        Bytes{12} + be(3, 4) + text("abc") +                 // long string
                        Bytes{15} + be(1, 4) + text("x") +                   // XML
                        Bytes{16} + be(1, 2) + text("C") + Bytes{0, 0, 9} +  // typed object
                        Bytes{10} + be(2, 4) + Bytes{5, 6} +                 // strict array
                        Bytes{7, 0, 1, 13};                                  // reference, unsupported
    AmfReader in(bytes);
    EXPECT_EQ(in.next()->type, AmfValue::Type::Number);
    EXPECT_EQ(in.next()->string, "abc");
    EXPECT_EQ(in.next()->string, "x");
    EXPECT_EQ(in.next()->type, AmfValue::Type::Object);
    EXPECT_EQ(in.next()->members.size(), 2U);
    EXPECT_TRUE(in.next());
    EXPECT_TRUE(in.next());
    EXPECT_TRUE(in.atEnd());
}

TEST(Amf, StopsAtWhateverIsMalformed) {
    Bytes deep;
    for (int i = 0; i < 9; ++i) deep = deep + Bytes{3, 0, 1, 'a'};
    const Bytes cases[] = {
        {0, 1, 2},                        // number cut
        {2, 0xFF, 0xFF, 'a'},             // string beyond the end
        {12, 0xFF, 0xFF, 0xFF, 0xFF},     // long string beyond the end
        {3, 0, 1},                        // member cut
        {3, 0, 1, 'a', 5},                // no end of object
        {8, 0, 0},                        // count cut
        {10, 0xFF, 0xFF, 0xFF, 0xFF, 5},  // array beyond the end
        {9},
        {17, 0},
        {4},
        {14},
        {99},  // markers out of place
        deep + Bytes{5},
        Bytes{10} + be(600, 4) + Bytes(600, 5),  // more than 512 values
    };
    for (const auto& bytes : cases) {
        AmfReader in(bytes);
        EXPECT_FALSE(in.next()) << testing::PrintToString(bytes);
        EXPECT_FALSE(in.next());
        EXPECT_TRUE(in.atEnd());
    }
}

}  // namespace
}  // namespace livepusher::rtmp
