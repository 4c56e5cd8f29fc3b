// SPDX-License-Identifier: MIT
#include "flv/flv.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include <limits>

#include "bytes.hpp"
#include "flv/amf.hpp"
#include "packets.hpp"

namespace livepusher::rtmp {
namespace {

using namespace test;
using Kind = Packet::Kind;
using Track = Packet::Track;

struct Tag {
    FlvTagType type;
    std::uint64_t timestamp;
    Bytes body;
};

std::vector<Tag> write(FlvPacketizer& to, const std::vector<Packet>& packets) {
    std::vector<Tag> out;
    for (const auto& packet : packets) {
        const auto done = to.write(packet, [&](const FlvTag& tag) -> Result<void> {
            out.push_back(
                {tag.type, tag.timestamp, Bytes(tag.head().begin(), tag.head().end()) + Bytes(tag.data.begin(), tag.data.end())});
            return {};
        });
        EXPECT_TRUE(done);
    }
    return out;
}

TEST(Flv, GivesEachKindOfPacketItsTag) {
    const struct {
        const char* what;
        Packet packet;
        FlvTagType type;
        std::uint64_t timestamp;
        Bytes body;
    } cases[] = {
        {"AVC key frame", media(Track::Video, Kind::Key, 40'000, 40'000, "IDR"), FlvTagType::Video, 40,
         Bytes{0x17, 1, 0, 0, 0} + text("IDR")},
        {"AVC inter frame", media(Track::Video, Kind::Delta, 40'000, 40'000, "P"), FlvTagType::Video, 40,
         Bytes{0x27, 1, 0, 0, 0} + text("P")},
        {"composition time", media(Track::Video, Kind::Delta, 106'667, 40'000, "P"), FlvTagType::Video, 40,
         Bytes{0x27, 1, 0, 0, 67} + text("P")},
        {"negative composition time", media(Track::Video, Kind::Delta, 40'000, 42'000, "P"), FlvTagType::Video, 42,
         Bytes{0x27, 1, 0xFF, 0xFF, 0xFE} + text("P")},
        {"dts before the beginning", media(Track::Video, Kind::Key, 0, -66'667, "I"), FlvTagType::Video, 0,
         Bytes{0x17, 1, 0, 0, 0} + text("I")},
        {"AAC", media(Track::Audio, Kind::Key, 21'333, 21'333, "aac"), FlvTagType::Audio, 21, Bytes{0xAF, 1} + text("aac")},
        {"rounding to the nearest", media(Track::Audio, Kind::Key, 21'500, 21'500, "a"), FlvTagType::Audio, 22,
         Bytes{0xAF, 1} + text("a")},
        {"over 24 bits of ms", media(Track::Audio, Kind::Key, 16'777'215'000, 16'777'215'000, "a"), FlvTagType::Audio, 0xFFFFFF,
         Bytes{0xAF, 1} + text("a")},
        {"over 32 bits of ms", media(Track::Audio, Kind::Key, 4'294'967'297'000, 4'294'967'297'000, "a"), FlvTagType::Audio,
         0x100000001, Bytes{0xAF, 1} + text("a")},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        FlvPacketizer packetizer;
        const auto tags = write(packetizer, {c.packet});
        ASSERT_EQ(tags.size(), 2U) << "metadata comes first";
        EXPECT_EQ(tags[1].type, c.type);
        EXPECT_EQ(tags[1].timestamp, c.timestamp);
        EXPECT_EQ(tags[1].body, c.body);
    }
}

TEST(Flv, NamesBothTracksBeforeTheFirstMedia) {
    FlvPacketizer packetizer;
    EXPECT_TRUE(write(packetizer, {audioConfig(), videoConfig()}).empty()) << "configs wait";
    const auto tags = write(packetizer, {media(Track::Audio, Kind::Key, 5'000, 5'000, "a")});
    ASSERT_EQ(tags.size(), 4U);
    EXPECT_EQ(tags[0].type, FlvTagType::Script);
    EXPECT_EQ(tags[1].body, (Bytes{0x17, 0, 0, 0, 0} + text("avcC")));
    EXPECT_EQ(tags[2].body, (Bytes{0xAF, 0} + text("asc")));
    EXPECT_EQ(tags[3].body, (Bytes{0xAF, 1} + text("a")));
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(tags[static_cast<std::size_t>(i)].timestamp, 0U) << "what describes the stream belongs to its beginning";
    EXPECT_EQ(tags[3].timestamp, 5U);
}

TEST(Flv, PutsOpusIntoTheTagsOfEnhancedRtmp) {
    FlvPacketizer packetizer;
    const auto tags = write(packetizer, {opusConfig(), videoConfig(), media(Track::Audio, Kind::Key, 13'500, 13'500, "opus"),
                                         media(Track::Video, Kind::Key, 20'000, 20'000, "I")});
    ASSERT_EQ(tags.size(), 5U);
    EXPECT_EQ(tags[2].type, FlvTagType::Audio);
    // SoundFormat 9 and the packet type, SequenceStart, in one byte; the FourCC; then what the codec has to say.
    EXPECT_EQ(tags[2].body, (Bytes{0x90, 0x4F, 0x70, 0x75, 0x73} + text("OpusHead")));
    EXPECT_EQ(tags[3].type, FlvTagType::Audio);
    EXPECT_EQ(tags[3].timestamp, 14U);
    EXPECT_EQ(tags[3].body, (Bytes{0x91, 0x4F, 0x70, 0x75, 0x73} + text("opus"))) << "CodedFrames";
    EXPECT_EQ(tags[4].body, (Bytes{0x17, 1, 0, 0, 0} + text("I"))) << "H.264 stays as it was";
}

TEST(Flv, PutsHevcAndAv1IntoTheTagsOfEnhancedRtmp) {
    const struct {
        const char* what;
        VideoCodec codec;
        Packet packet;
        Bytes body;
    } cases[] = {
        {"H.265 key frame", VideoCodec::hevc, media(Track::Video, Kind::Key, 40'000, 40'000, "I"),
         Bytes{0x93, 'h', 'v', 'c', '1'} + text("I")},
        {"H.265 inter frame", VideoCodec::hevc, media(Track::Video, Kind::Delta, 40'000, 40'000, "P"),
         Bytes{0xA3, 'h', 'v', 'c', '1'} + text("P")},
        {"H.265 composition time", VideoCodec::hevc, media(Track::Video, Kind::Delta, 106'667, 40'000, "P"),
         Bytes{0xA1, 'h', 'v', 'c', '1', 0, 0, 67} + text("P")},
        {"H.265 key with composition time", VideoCodec::hevc, media(Track::Video, Kind::Key, 106'667, 40'000, "I"),
         Bytes{0x91, 'h', 'v', 'c', '1', 0, 0, 67} + text("I")},
        {"AV1 key frame", VideoCodec::av1, media(Track::Video, Kind::Key, 40'000, 40'000, "I"),
         Bytes{0x91, 'a', 'v', '0', '1'} + text("I")},
        {"AV1 inter frame", VideoCodec::av1, media(Track::Video, Kind::Delta, 40'000, 40'000, "P"),
         Bytes{0xA1, 'a', 'v', '0', '1'} + text("P")},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        FlvPacketizer packetizer;
        const auto tags = write(packetizer, {videoConfig(c.codec), c.packet});
        ASSERT_EQ(tags.size(), 3U);
        const Bytes head = c.codec == VideoCodec::hevc ? Bytes{0x90, 'h', 'v', 'c', '1'} : Bytes{0x90, 'a', 'v', '0', '1'};
        EXPECT_EQ(tags[1].body, head + text("record")) << "SequenceStart";
        EXPECT_EQ(tags[2].type, FlvTagType::Video);
        EXPECT_EQ(tags[2].timestamp, 40U);
        EXPECT_EQ(tags[2].body, c.body);
    }
}

TEST(Flv, TakesEachPacketForWhatTheLastConfigSays) {
    FlvPacketizer packetizer;
    const auto sound = media(Track::Audio, Kind::Key, 0, 0, "x");
    EXPECT_EQ(write(packetizer, {opusConfig(), sound}).back().body.front(), 0x91);
    EXPECT_EQ(write(packetizer, {audioConfig(), sound}).back().body, (Bytes{0xAF, 1} + text("x")));
    EXPECT_EQ(write(packetizer, {opusConfig(), sound}).back().body.front(), 0x91);
}

TEST(Flv, DescribesTheStreamShortlyBeforeMediaThatBeginsLate) {
    for (const std::int64_t first : {900LL, 0xFFFFFFLL, 0x100000000LL}) {
        FlvPacketizer packetizer;
        const auto tags =
            write(packetizer, {audioConfig(), videoConfig(), media(Track::Video, Kind::Key, first * 1000, first * 1000, "I")});
        ASSERT_EQ(tags.size(), 4U);
        const auto expected = static_cast<std::uint64_t>(std::max<std::int64_t>(first - 1000, 0));
        for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(tags[i].timestamp, expected);
        EXPECT_EQ(tags[3].timestamp, static_cast<std::uint64_t>(first));
    }
}

TEST(Flv, TellsALaterConfigAtOnceWithNewMetadata) {
    FlvPacketizer packetizer;
    write(packetizer, {videoConfig(), audioConfig(), media(Track::Video, Kind::Key, 0, 0, "I"),
                       media(Track::Audio, Kind::Key, 30'000, 30'000, "a")});
    const auto tags = write(packetizer, {videoConfig(320, 180)});
    ASSERT_EQ(tags.size(), 2U);
    EXPECT_EQ(tags[0].type, FlvTagType::Script);
    EXPECT_EQ(tags[1].type, FlvTagType::Video);
    EXPECT_EQ(tags[0].timestamp, 30U) << "not before what was sent";
    const auto again = media(Track::Video, Kind::Key, 40'000, 40'000, "I");
    EXPECT_EQ(write(packetizer, {again}).size(), 1U);
}

TEST(Flv, DescribesAFileOnceOnly) {
    FlvPacketizer packetizer(true);
    EXPECT_EQ(write(packetizer, {videoConfig(), media(Track::Video, Kind::Key, 0, 0, "I")}).size(), 3U);
    const auto tags = write(packetizer, {videoConfig(320, 180)});
    ASSERT_EQ(tags.size(), 1U);
    EXPECT_EQ(tags[0].type, FlvTagType::Video);
}

AmfValue decode(const Bytes& body) {
    AmfReader reader(body);
    EXPECT_EQ(reader.next()->string, "onMetaData");
    auto value = reader.next();
    EXPECT_TRUE(value && reader.atEnd());
    return value.value_or(AmfValue{});
}

double number(const AmfValue& object, std::string_view name) {
    for (const auto& member : object.members)
        if (member.name == name) return member.number;
    return std::numeric_limits<double>::quiet_NaN();
}

bool has(const AmfValue& object, std::string_view name) { return number(object, name) == number(object, name); }

TEST(Flv, DescribesTheTracksTruthfully) {
    const auto video = videoConfig(1280, 720);
    const auto audio = audioConfig();
    const auto both = decode(metadata(&video, &audio, false));
    EXPECT_EQ(number(both, "width"), 1280);
    EXPECT_EQ(number(both, "height"), 720);
    EXPECT_EQ(number(both, "framerate"), 30);
    EXPECT_EQ(number(both, "videodatarate"), 2500);
    EXPECT_EQ(number(both, "videocodecid"), 7);
    EXPECT_EQ(number(both, "audiodatarate"), 128);
    EXPECT_EQ(number(both, "audiosamplerate"), 48000);
    EXPECT_EQ(number(both, "audiocodecid"), 10);
    EXPECT_EQ(number(both, "stereo"), 1);
    EXPECT_TRUE(both.text("encoder").starts_with("livepusher "));
    EXPECT_FALSE(has(both, "duration"));

    const auto sound = decode(metadata(nullptr, &audio, false));
    for (const auto* of : {"width", "height", "framerate", "videodatarate", "videocodecid"}) EXPECT_FALSE(has(sound, of)) << of;
    EXPECT_EQ(number(sound, "audiocodecid"), 10);
    const auto picture = decode(metadata(&video, nullptr, false));
    for (const auto* of : {"stereo", "audiosamplerate", "audiodatarate", "audiocodecid"}) EXPECT_FALSE(has(picture, of)) << of;
    EXPECT_EQ(number(picture, "videocodecid"), 7);

    const auto opus = opusConfig();
    const auto modern = decode(metadata(nullptr, &opus, false));
    const auto hevc = videoConfig(VideoCodec::hevc), av1 = videoConfig(VideoCodec::av1);
    EXPECT_EQ(number(decode(metadata(&hevc, nullptr, false)), "videocodecid"), 0x68766331);
    EXPECT_EQ(number(decode(metadata(&av1, nullptr, false)), "videocodecid"), 0x61763031);
    EXPECT_EQ(number(modern, "audiocodecid"), 0x4F707573) << "the FourCC as a number, as Enhanced RTMP has it";
    EXPECT_EQ(number(modern, "audiosamplerate"), 48000);
    EXPECT_EQ(number(modern, "audiodatarate"), 96);

    Packet bare = video;
    bare.description = nullptr;
    EXPECT_FALSE(has(decode(metadata(&bare, nullptr, false)), "width")) << "unknown is left out";
}

TEST(Flv, KeepsRoomForWhatAFileKnowsAtItsEnd) {
    const auto video = videoConfig();
    auto body = metadata(&video, nullptr, true);
    const Bytes one{0x3F, 0xF0, 0, 0, 0, 0, 0, 0};
    std::copy(one.begin(), one.end(), body.begin() + kDurationOffset);
    std::copy(one.begin(), one.end(), body.begin() + kFileSizeOffset);
    const auto fields = decode(body);
    EXPECT_EQ(number(fields, "duration"), 1);
    EXPECT_EQ(number(fields, "filesize"), 1);
}

TEST(Flv, DescribesAFileAtItsBeginningHoweverLateItsFirstFrame) {
    FlvPacketizer packetizer(true);
    const auto tags = write(packetizer, {videoConfig(), media(Track::Video, Kind::Key, 3'000'000, 3'000'000, "I")});
    ASSERT_EQ(tags.size(), 3U);
    EXPECT_EQ(tags[0].timestamp, 0U) << "later script data reads as a track of text";
    EXPECT_EQ(tags[1].timestamp, 0U);
    EXPECT_EQ(tags[2].timestamp, 3000U);
}

TEST(Flv, RoundsWithoutEverGoingBack) {
    std::uint64_t last = 0;
    for (std::int64_t us = -2'000; us < 2'000'000; us += 333) {
        const auto ms = toMilliseconds(Timestamp(us));
        EXPECT_GE(ms, last);
        EXPECT_LE(std::abs(static_cast<double>(ms) * 1000 - static_cast<double>(std::max<std::int64_t>(us, 0))), 500);
        last = ms;
    }
}

TEST(Flv, PassesTheSinksErrorOn) {
    FlvPacketizer packetizer;
    const auto done = packetizer.write(media(Track::Video, Kind::Key, 0, 0, "I"), [](const FlvTag&) -> Result<void> {
        return Error{Code::TransferFailed, "gone"};
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message, "gone");
}

}  // namespace
}  // namespace livepusher::rtmp
