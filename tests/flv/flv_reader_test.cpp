// SPDX-License-Identifier: MIT
#include "flv/flv_reader.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "bytes.hpp"
#include "flv/flv_stream.hpp"

namespace livepusher::rtmp {
namespace {

using test::be;
using test::Bytes;
using test::text;
using test::operator+;

struct Tag {
    FlvTagType type;
    std::uint32_t timestamp;
    Bytes body;
    bool operator==(const Tag&) const = default;
};

struct Read {
    std::vector<Tag> tags;
    std::string error, end;
    bool begun = false;
};

Read read(const Bytes& bytes, std::size_t portion) {
    Read out;
    FlvReader reader([&](FlvTagType type, std::uint32_t timestamp, std::span<const std::uint8_t> body) {
        out.tags.push_back({type, timestamp, {body.begin(), body.end()}});
    });
    for (std::size_t at = 0; at < bytes.size() && out.error.empty(); at += portion)
        if (const auto done = reader.feed(std::span(bytes).subspan(at, std::min(portion, bytes.size() - at))); !done) {
            EXPECT_EQ(done.error().code, Code::TransferFailed);
            out.error = done.error().message;
        }
    if (const auto end = reader.end(); !end) out.end = end.error().message;
    out.begun = reader.begun();
    return out;
}

Bytes header() {
    const auto begin = flvHeader(5);
    return {begin.begin(), begin.end()};
}

Bytes tag(FlvTagType type, std::uint64_t time, const Bytes& body) {
    Bytes out;
    EXPECT_TRUE(writeFlvTag({.type = type, .timestamp = time, .data = body}, out));
    return out;
}

TEST(FlvReader, GivesBackWhatOurWriterWroteInWhateverPortions) {
    const std::vector<Tag> tags{{FlvTagType::Script, 0, text("meta")},
                                {FlvTagType::Video, 0x01020304, Bytes(70'000, 'v')},
                                {FlvTagType::Audio, 0xFFFFFFFF, {}},
                                {FlvTagType::Audio, 5, text("a")}};
    Bytes bytes = header();
    for (const auto& each : tags) bytes = bytes + tag(each.type, each.timestamp, each.body);
    for (const std::size_t portion : {std::size_t{1}, std::size_t{13}, std::size_t{4096}, bytes.size()}) {
        SCOPED_TRACE(portion);
        const auto got = read(bytes, portion);
        EXPECT_EQ(got.error, "");
        EXPECT_EQ(got.end, "");
        EXPECT_TRUE(got.tags == tags);
    }
}

TEST(FlvReader, TakesALongerHeaderAndSizesThatSomeWritersGive) {
    const Bytes body = text("body"), plain = tag(FlvTagType::Audio, 1, body);
    const Bytes unsized(plain.begin(), plain.end() - 4);
    const auto got = read(
        text("FLV") + Bytes{1, 5} + be(12, 4) + text("ext") + be(0, 4) + unsized + be(0, 4) + unsized + be(4, 4) + unsized, 5);
    EXPECT_EQ(got.error, "");
    EXPECT_EQ(got.end, "") << "the last size may be missing";
    EXPECT_EQ(got.tags.size(), 3U);
}

TEST(FlvReader, CallsWhatIsNotFlvByItsName) {
    const Bytes good = header() + tag(FlvTagType::Audio, 0, text("x"));
    const struct {
        const char* error;
        Bytes bytes;
    } cases[] = {
        {"does not begin", text("<html>")},
        {"does not begin", text("FLW")},
        {"does not begin", text("FLV") + Bytes{2}},
        {"its header", text("FLV") + Bytes{1, 5} + be(8, 4)},
        {"its header", text("FLV") + Bytes{1, 5} + be(65537, 4)},
        {"neither audio nor video", header() + Bytes{7} + Bytes(10, 0)},
        {"encrypted", header() + Bytes{0x28} + Bytes(10, 0)},
        {"8 MiB", header() + Bytes{9} + be(0x800001, 3) + Bytes(7, 0)},
        {"size behind it", Bytes(good.begin(), good.end() - 1) + Bytes{99}},
    };
    for (const auto& c : cases)
        for (const std::size_t portion : {std::size_t{1}, c.bytes.size()})
            EXPECT_NE(read(c.bytes, portion).error.find(c.error), std::string::npos)
                << c.error << ": " << read(c.bytes, portion).error;
    EXPECT_FALSE(read(text("FL"), 1).begun);
}

TEST(FlvReader, KnowsWhetherTheStreamMayEnd) {
    const Bytes good = header() + tag(FlvTagType::Video, 0, text("frame"));
    const auto cut = [&](std::size_t from) { return Bytes(good.begin(), good.end() - static_cast<std::ptrdiff_t>(from)); };
    EXPECT_EQ(read({}, 1).end, "the stream ended before its first tag");
    EXPECT_EQ(read(cut(21), 100).end, "the stream ended before its first tag");
    EXPECT_EQ(read(cut(19), 100).end, "the stream ended in the middle of a tag");
    EXPECT_EQ(read(cut(5), 100).end, "the stream ended in the middle of a tag");
    EXPECT_EQ(read(cut(0), 100).end, "");
    EXPECT_EQ(read(header(), 100).end, "");
}

}  // namespace
}  // namespace livepusher::rtmp
