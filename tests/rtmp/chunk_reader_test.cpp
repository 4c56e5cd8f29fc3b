// SPDX-License-Identifier: MIT
#include "rtmp/chunk_reader.hpp"

#include <gtest/gtest.h>

#include <string>

#include "bytes.hpp"

namespace livepusher::rtmp {
namespace {

using test::be;
using test::Bytes;
using test::fullHeader;
using test::message;
using test::text;
using test::operator+;

struct Got {
    int type;
    std::uint32_t stream, timestamp;
    Bytes body;
    bool operator==(const Got&) const = default;
};

struct Reading {
    std::vector<Got> messages;
    std::string error;
};

Reading read(const Bytes& bytes, std::size_t portion) {
    Reading out;
    ChunkReader reader([&](const InboundMessage& m) -> std::optional<Error> {
        out.messages.push_back({static_cast<int>(m.type), m.streamId, m.timestamp, {m.body.begin(), m.body.end()}});
        return std::nullopt;
    });
    for (std::size_t at = 0; at < bytes.size() && out.error.empty(); at += portion) {
        const auto error = reader.feed(std::span(bytes).subspan(at, std::min(portion, bytes.size() - at)));
        if (error) out.error = error->message;
        if (error) {
            EXPECT_EQ(error->code, Code::TransferFailed);
        }
    }
    return out;
}

const Bytes k300 = Bytes(300, 'x');

struct GoodCase {
    const char* what;
    Bytes bytes;
    std::vector<Got> messages;
};

TEST(Inbound, PutsMessagesTogetherInWhateverPortionsTheyCome) {
    const GoodCase cases[] = {
        {"one chunk", message(3, 20, text("hello"), 1), {{20, 1, 0, text("hello")}}},
        {"empty body", message(3, 20, {}), {{20, 0, 0, {}}}},
        {"three chunks", message(3, 20, k300), {{20, 0, 0, k300}}},
        {"two-byte chunk stream id", Bytes{0x00, 10} + be(0, 3) + be(1, 3) + Bytes{20, 0, 0, 0, 0, 'a'}, {{20, 0, 0, text("a")}}},
        {"three-byte chunk stream id",
         Bytes{0x01, 10, 2} + be(0, 3) + be(1, 3) + Bytes{20, 0, 0, 0, 0, 'a'},
         {{20, 0, 0, text("a")}}},
        {"delta headers",
         fullHeader(4, 1000, 1, 8, 1) + text("a") + Bytes{0x44} + be(20, 3) + be(2, 3) + Bytes{9} + text("bc") + Bytes{0x84} +
             be(30, 3) + text("de") + Bytes{0xC4} + text("fg"),
         {{8, 1, 1000, text("a")}, {9, 1, 1020, text("bc")}, {9, 1, 1050, text("de")}, {9, 1, 1080, text("fg")}}},
        {"a type-1 header first", Bytes{0x44} + be(5, 3) + be(1, 3) + Bytes{20} + text("a"), {{20, 0, 5, text("a")}}},
        {"extended timestamp", fullHeader(4, 0x01020304, 1, 9) + text("a"), {{9, 0, 0x01020304, text("a")}}},
        {"extended timestamp on type 3",
         fullHeader(4, 0xFFFFFF, 130, 9) + Bytes(128, 'x') + Bytes{0xC4} + be(0xFFFFFF, 4) + Bytes(2, 'x'),
         {{9, 0, 0xFFFFFF, Bytes(130, 'x')}}},
        {"timestamps across 2^32",
         fullHeader(4, 0xFFFFFFF0, 1, 9) + text("a") + Bytes{0x84} + be(0x20, 3) + text("b"),
         {{9, 0, 0xFFFFFFF0, text("a")}, {9, 0, 0x10, text("b")}}},
        {"interleaved chunk streams",
         fullHeader(4, 0, 130, 8) + Bytes(128, 'x') + message(3, 20, text("in")) + Bytes{0xC4} + Bytes(2, 'x'),
         {{20, 0, 0, text("in")}, {8, 0, 0, Bytes(130, 'x')}}},
        {"set chunk size", message(2, 1, be(4096, 4)) + message(3, 20, k300, 0, 4096), {{20, 0, 0, k300}}},
        {"chunk size 1", message(2, 1, be(1, 4)) + message(3, 20, text("abc"), 0, 1), {{20, 0, 0, text("abc")}}},
        {"the largest chunk size", message(2, 1, be(0x7FFFFFFF, 4)) + message(3, 20, k300, 0, 4096), {{20, 0, 0, k300}}},
        {"chunk size 65537",
         message(2, 1, be(65537, 4)) + message(3, 20, Bytes(65536, 'x'), 0, 65537),
         {{20, 0, 0, Bytes(65536, 'x')}}},
        {"abort",
         fullHeader(4, 0, 130, 8) + Bytes(128, 'x') + message(2, 2, be(4, 4)) + message(4, 8, text("new")),
         {{8, 0, 0, text("new")}}},
        {"abort of a stream not seen", message(2, 2, be(9, 4)) + message(3, 20, text("a")), {{20, 0, 0, text("a")}}},
        {"64 KiB", message(3, 20, Bytes(65536, 'x')), {{20, 0, 0, Bytes(65536, 'x')}}},
    };
    for (const auto& c : cases) {
        for (const std::size_t portion : {std::size_t{1}, std::size_t{7}, c.bytes.size()}) {
            SCOPED_TRACE(std::string(c.what) + " in portions of " + std::to_string(portion));
            const auto reading = read(c.bytes, portion);
            EXPECT_EQ(reading.error, "");
            EXPECT_TRUE(reading.messages == c.messages);
        }
    }
}

TEST(Inbound, RefusesWhatNoHonestServerSends) {
    Bytes seventeen;
    for (int channel = 2; channel < 19; ++channel) seventeen = seventeen + message(channel, 20, text("a"));
    const Bytes half = fullHeader(4, 0, 200, 8) + Bytes(128, 'x');
    const struct {
        const char* error;
        Bytes bytes;
    } cases[] = {
        {"64 KiB", fullHeader(3, 0, 65537, 20)},
        {"64 KiB", fullHeader(3, 0, 0xFFFFFF, 20)},
        {"middle of a message", half + Bytes{0x44} + be(0, 3) + be(0xFFFFFF, 3) + Bytes{8}},
        {"middle of a message", half + fullHeader(4, 0, 5, 8)},
        {"middle of a message", half + Bytes{0x84} + be(0, 3)},
        {"continues a message that never began", Bytes{0xC4}},
        {"continues a message that never began", Bytes{0x84} + be(0, 3)},
        {"16 chunk streams", seventeen},
        {"chunk size", message(2, 1, be(0, 4))},
        {"chunk size", message(2, 1, be(0x80000000, 4))},
        {"chunk size", message(2, 1, be(0xFFFFFFFF, 4))},
        {"64 KiB", message(2, 1, be(0x7FFFFFFF, 4)) + fullHeader(3, 0, 65537, 20)},
        {"too short", message(2, 1, {})},
        {"too short", message(2, 1, be(0, 3))},
        {"too short", message(2, 2, {})},
    };
    for (const auto& c : cases) {
        for (const std::size_t portion : {std::size_t{1}, c.bytes.size()}) {
            SCOPED_TRACE(c.error);
            EXPECT_NE(read(c.bytes, portion).error.find(c.error), std::string::npos) << read(c.bytes, portion).error;
        }
    }
}

TEST(Inbound, ReadsNothingAfterAnError) {
    int messages = 0;
    ChunkReader reader([&](const InboundMessage&) -> std::optional<Error> {
        ++messages;
        return Error{Code::ServerClosed, "no"};
    });
    const Bytes two = message(3, 20, text("a")) + message(3, 20, text("b"));
    EXPECT_EQ(reader.feed(two)->message, "no");
    EXPECT_EQ(reader.feed(two)->message, "no");
    EXPECT_EQ(messages, 1);
}

}  // namespace
}  // namespace livepusher::rtmp
