// SPDX-License-Identifier: MIT
#include "flv/tag_reader.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "bytes.hpp"
#include "flv/amf_writer.hpp"
#include "packets.hpp"

namespace livepusher::rtmp {
namespace {

using test::be;
using test::Bytes;
using test::media;
using test::text;
using test::operator+;

using PacketKind = Packet::Kind;
using PacketTrack = Packet::Track;

/// What a reader made of tags.
struct Reading {
    TagReader tags;
    std::vector<Packet> packets;
    std::vector<std::string> leftOut;
    std::vector<StreamMetadata> metadata;

    Reading& take(FlvTagType type, std::uint32_t time, const Bytes& body) {
        Received out;
        tags.take(type, time, body, out);
        for (auto& item : out) {
            if (auto* packet = std::get_if<Packet>(&item)) packets.push_back(*packet);
            if (auto* track = std::get_if<TrackLeftOut>(&item)) leftOut.push_back(track->name);
            if (auto* said = std::get_if<StreamMetadata>(&item)) metadata.push_back(*said);
        }
        return *this;
    }
    Reading& video(const Bytes& body, std::uint32_t time = 0) { return take(FlvTagType::Video, time, body); }
    Reading& audio(const Bytes& body, std::uint32_t time = 0) { return take(FlvTagType::Audio, time, body); }
};

Bytes bytesOf(const Packet& packet) { return *packet.data; }

/// An AVCDecoderConfigurationRecord with a 640x360 SPS, of the given length size.
Bytes avcRecord(int lengthSize) {
    const Bytes sps{0x67, 0x42, 0xC0, 0x1E, 0xD9, 0x00, 0xA0, 0x2F, 0xF9, 0x70, 0x11, 0x00, 0x00,
                    0x03, 0x00, 0x01, 0x00, 0x00, 0x03, 0x00, 0x32, 0x0F, 0x16, 0x2E, 0x48};
    const Bytes pps{0x68, 0xCB, 0x83, 0xCB, 0x20};
    return Bytes{1, 0x42, 0xC0, 0x1E, static_cast<std::uint8_t>(0xFC | (lengthSize - 1)), 0xE1} + be(sps.size(), 2) + sps +
           Bytes{1} + be(pps.size(), 2) + pps;
}

TEST(TagReader, GivesBackWhatOurPacketizerTook) {
    struct Case {
        Packet video, audio;
        bool reordered;
    } const cases[] = {
        {test::videoConfig(), test::audioConfig(), true},
        {test::videoConfig(VideoCodec::hevc), test::opusConfig(), true},
        {test::videoConfig(VideoCodec::av1), test::opusConfig(), false},
    };
    for (const auto& c : cases) {
        const auto lag = c.reordered ? 40'000 : 0;
        const std::vector<Packet> given{
            c.video,
            c.audio,
            media(PacketTrack::Video, PacketKind::Key, 2'000'000 + lag, 2'000'000, "key"),
            media(PacketTrack::Audio, PacketKind::Key, 2'010'000, 2'010'000, "sound"),
            media(PacketTrack::Video, PacketKind::Delta, 2'033'000, 2'033'000, "delta"),
            c.video,
            media(PacketTrack::Video, PacketKind::Key, (1LL << 32) * 1000 + 66'000, (1LL << 32) * 1000 + 66'000, "wrapped"),
        };
        FlvPacketizer packetizer;
        Reading reading;
        for (const auto& packet : given)
            ASSERT_TRUE(packetizer.write(packet, [&](const FlvTag& tag) -> Result<void> {
                const auto head = tag.head();
                reading.take(tag.type, static_cast<std::uint32_t>(tag.timestamp),
                             Bytes(head.begin(), head.end()) + Bytes(tag.data.begin(), tag.data.end()));
                return {};
            }));
        ASSERT_EQ(reading.packets.size(), given.size());
        for (std::size_t i = 0; i < given.size(); ++i) {
            SCOPED_TRACE(i);
            const auto& got = reading.packets[i];
            EXPECT_EQ(bytesOf(got), bytesOf(given[i]));
            EXPECT_EQ(got.track, given[i].track);
            EXPECT_EQ(got.kind, given[i].kind);
            if (got.kind == PacketKind::Config) {
                EXPECT_EQ(got.description->videoCodec, given[i].description->videoCodec);
                EXPECT_EQ(got.description->audioCodec, given[i].description->audioCodec);
                continue;
            }
            const auto wrap = Timestamp(i == 6 ? (1LL << 32) * 1000 : 0);
            EXPECT_EQ(got.dts, given[i].dts - wrap) << "modulo 2^32 ms";
            EXPECT_EQ(got.pts, given[i].pts - wrap);
        }
        ASSERT_EQ(reading.metadata.size(), 2U);
        EXPECT_EQ(reading.metadata[0].number("width"), 640);
        EXPECT_TRUE(reading.metadata[0].namesVideo() && reading.metadata[0].namesAudio());
        EXPECT_TRUE(reading.metadata[0].text("encoder").starts_with("livepusher"));
        EXPECT_TRUE(reading.leftOut.empty());
        EXPECT_EQ(reading.tags.malformed(), 0U);
    }
}

TEST(TagReader, ReadsWhatTheConfigSays) {
    Reading reading;
    reading.video(Bytes{0x17, 0, 0, 0, 0} + avcRecord(4));
    reading.audio({0xAF, 0, 0x11, 0x90});  // AAC-LC, 48 kHz, 2 channels
    reading.audio(Bytes{0x90} + text("Opus") + text("OpusHead") + Bytes{1, 2, 0, 0, 0x80, 0xBB, 0, 0, 0, 0, 0});
    ASSERT_EQ(reading.packets.size(), 3U);
    EXPECT_EQ(reading.packets[0].description->width, 640);
    EXPECT_EQ(reading.packets[0].description->height, 360);
    EXPECT_EQ(reading.packets[1].description->sampleRate, 48000);
    EXPECT_EQ(reading.packets[1].description->channels, 2);
    EXPECT_EQ(reading.packets[2].description->audioCodec, AudioCodec::opus);
    EXPECT_EQ(reading.packets[2].description->channels, 2);
}

TEST(TagReader, GivesNalUnitsWithLengthsOfFourBytes) {
    Reading reading;
    reading.video(Bytes{0x17, 0, 0, 0, 0} + avcRecord(2));
    reading.video(Bytes{0x17, 1, 0, 0, 0} + be(3, 2) + text("one") + be(5, 2) + text("other"));
    reading.video(Bytes{0x27, 1, 0, 0, 0} + be(99, 2) + text("damaged"));
    ASSERT_EQ(reading.packets.size(), 3U);
    EXPECT_EQ(bytesOf(reading.packets[0]), avcRecord(4));
    EXPECT_EQ(bytesOf(reading.packets[1]), be(3, 4) + text("one") + be(5, 4) + text("other"));
    EXPECT_EQ(bytesOf(reading.packets[2]), be(99, 2) + text("damaged")) << "for the decoder to judge";
}

TEST(TagReader, TakesTheCompositionTimeForWhatItIs) {
    Reading reading;
    reading.video(Bytes{0x17, 0, 0, 0, 0} + text("record"));
    reading.video(Bytes{0x27, 1, 0xFF, 0xFF, 0xF6} + text("x"), 100);
    reading.video(Bytes{0x27, 1, 0x00, 0x00, 0x50} + text("x"), 0xFFFFFFFF);
    ASSERT_EQ(reading.packets.size(), 3U);
    EXPECT_EQ(reading.packets[1].pts, Timestamp(90'000));
    EXPECT_EQ(reading.packets[2].pts - reading.packets[2].dts, Timestamp(80'000));
    EXPECT_EQ(reading.packets[2].dts, Timestamp(0xFFFFFFFFLL * 1000));
}

TEST(TagReader, TakesTheHevcOfOldAndEveryEnhancedForm) {
    Reading reading;
    reading.video(Bytes{0x1C, 0, 0, 0, 0} + text("hvcC"));
    reading.video(Bytes{0x2C, 1, 0, 0, 10} + text("old"), 5);
    reading.video(Bytes{0x90} + text("hvc1hvcC"));
    reading.video(Bytes{0x91} + text("hvc1") + be(20, 3) + text("frames"), 40);
    reading.video(Bytes{0xA3} + text("hvc1framesX"), 60);
    reading.video(Bytes{0x92} + text("hvc1"));  // SequenceEnd
    reading.video(Bytes{0x90} + text("avc1avcC"));
    reading.video(Bytes{0x91} + text("avc1") + be(7, 3) + text("avc"), 80);
    reading.video(Bytes{0xA1} + text("av01early"));  // before its Config
    reading.video(Bytes{0x90} + text("av01av1C"));
    reading.video(Bytes{0xA1} + text("av01obus"), 100);
    reading.audio(Bytes{0x90} + text("mp4aasc"));
    reading.audio(Bytes{0x91} + text("mp4araw"), 7);
    std::vector<std::string> got;
    for (const auto& packet : reading.packets) {
        const auto bytes = bytesOf(packet);
        got.push_back(std::string(bytes.begin(), bytes.end()) + " " + std::to_string(packet.dts.count() / 1000) + "+" +
                      std::to_string((packet.pts - packet.dts).count() / 1000));
    }
    EXPECT_EQ(got, (std::vector<std::string>{"hvcC 0+0", "old 5+10", "hvcC 0+0", "frames 40+20", "framesX 60+0", "avcC 0+0",
                                             "avc 80+7", "av1C 0+0", "obus 100+0", "asc 0+0", "raw 7+0"}));
    EXPECT_EQ(reading.packets[0].description->videoCodec, VideoCodec::hevc);
    EXPECT_EQ(reading.packets[4].kind, PacketKind::Delta);
    EXPECT_EQ(reading.tags.malformed(), 0U);
}

TEST(TagReader, PassesOverModifiers) {
    Reading reading;
    const Bytes nanos{2, 0, 1, 2, 0x07}, large = Bytes{0xFF} + be(299, 2) + Bytes(300, 'm') + Bytes{0x00};
    reading.video(Bytes{0x97} + nanos + large + text("av01av1C"));
    reading.audio(Bytes{0x97} + Bytes{2, 0, 0, 9, 0x00} + text("OpusOpusHead"));
    ASSERT_EQ(reading.packets.size(), 2U);
    EXPECT_EQ(bytesOf(reading.packets[0]), text("av1C"));
    EXPECT_EQ(bytesOf(reading.packets[1]), text("OpusHead"));
    reading.video(Bytes{0x97, 200, 1});
    reading.video(Bytes{0x97});
    EXPECT_EQ(reading.tags.malformed(), 2U);
}

TEST(TagReader, TakesTheFirstOfSeveralTracksAndNamesTheOthers) {
    Reading reading;
    // ManyTracks of one codec: track 3, then 1.
    const auto tracks = [](std::uint8_t kind, const std::string& three, const std::string& one) {
        return Bytes{0x96, static_cast<std::uint8_t>(0x10 | kind)} + text("av01") + Bytes{3} + be(three.size(), 3) + text(three) +
               Bytes{1} + be(one.size(), 3) + text(one);
    };
    reading.video(tracks(0, "config3", "config1"));
    reading.video(tracks(1, "three", "one"));
    reading.video(Bytes{0x96, 0x01} + text("av01") + Bytes{3} + text("alone"));  // OneTrack
    // ManyTracksManyCodecs
    reading.audio(Bytes{0x95, 0x20} + text("Opus") + Bytes{0} + be(4, 3) + text("head") + text("ac-3") + Bytes{2} + be(1, 3) +
                  text("x"));
    ASSERT_EQ(reading.packets.size(), 4U);
    EXPECT_EQ(bytesOf(reading.packets[0]), text("config3"));
    EXPECT_EQ(bytesOf(reading.packets[1]), text("three"));
    EXPECT_EQ(bytesOf(reading.packets[2]), text("alone"));
    EXPECT_EQ(bytesOf(reading.packets[3]), text("head"));
    EXPECT_EQ(reading.leftOut, (std::vector<std::string>{"video track 1", "sound in ac-3"}));
    auto cut = tracks(1, "three", "one");
    cut.resize(cut.size() - 2);
    reading.video(cut);
    EXPECT_EQ(reading.tags.malformed(), 1U);
    EXPECT_EQ(reading.packets.size(), 5U) << "what stands before the cut";
}

TEST(TagReader, MakesAConfigOfFlagsWhereSoundHasNone) {
    Reading reading;
    reading.audio(Bytes{0x2F} + text("mp3"), 10);  // 44.1 kHz, stereo
    reading.audio(Bytes{0x2F} + text("more"), 36);
    reading.audio(Bytes{0x2A} + text("other"), 60);  // 22.05 kHz, mono
    reading.audio(Bytes{0xE2} + text("slow"), 70);   // MP3 at 8 kHz
    reading.audio(Bytes{0x7A} + text("alaw"), 80);
    reading.audio(Bytes{0x8B} + text("mulaw"), 90);
    std::vector<std::string> got;
    for (const auto& packet : reading.packets) {
        if (packet.kind != PacketKind::Config) {
            got.emplace_back(packet.data->begin(), packet.data->end());
            continue;
        }
        EXPECT_TRUE(packet.data->empty());
        got.push_back(std::to_string(static_cast<int>(packet.description->headerless)) + " " +
                      std::to_string(packet.description->sampleRate) + " " + std::to_string(packet.description->channels));
    }
    EXPECT_EQ(got, (std::vector<std::string>{"1 44100 2", "mp3", "more", "1 22050 1", "other", "1 8000 1", "slow", "2 8000 1",
                                             "alaw", "3 8000 2", "mulaw"}));
}

TEST(TagReader, NamesWhatItCantGiveOnce) {
    Reading reading;
    for (int turn = 0; turn < 2; ++turn) {
        reading.audio(Bytes{0xBF} + text("speex"));
        reading.audio(Bytes{0x3E} + text("pcm"));
        reading.video(Bytes{0x14} + text("vp6")).video(Bytes{0x15} + text("vp6 with alpha"));
        reading.video(Bytes{0x91} + text("vp09frames"));
        reading.video(Bytes{0x91, 0, 1, 2, 3, 'x'});
    }
    EXPECT_TRUE(reading.packets.empty());
    ASSERT_EQ(reading.leftOut.size(), 5U);
    EXPECT_EQ(reading.leftOut[0], "sound in Speex");
    EXPECT_EQ(reading.leftOut[1], "sound in PCM");
    EXPECT_EQ(reading.leftOut[2], "video in VP6");
    EXPECT_EQ(reading.leftOut[3], "video in vp09");
    // A server that makes up codecs doesn't fill our memory.
    for (std::uint32_t codec = 0; codec < 1000; ++codec) reading.video(Bytes{0x91} + be(0x78000000U + codec, 4) + text("x"));
    EXPECT_LE(reading.leftOut.size(), 32U);
}

TEST(TagReader, GivesNothingBeforeItsConfigAndNothingOfEmptyTags) {
    Reading reading;
    reading.video(Bytes{0x17, 1, 0, 0, 0} + text("early")).audio(Bytes{0xAF, 1} + text("early"));
    reading.video({}).audio({}).video({0x17, 0, 0, 0, 0}).video({0x57, 0}).video(Bytes{0xD1, 0});
    EXPECT_TRUE(reading.packets.empty());
    EXPECT_EQ(reading.tags.malformed(), 0U);
    reading.video({0x17}).video({0x17, 1, 0}).audio({0xAF}).audio({0x91, 'O'}).video({0x96}).video({0x96, 0x31});
    EXPECT_EQ(reading.tags.malformed(), 6U);
    // Another codec than the Config's.
    reading.video(Bytes{0x17, 0, 0, 0, 0} + text("avcC")).video(Bytes{0xA3} + text("hvc1x"));
    EXPECT_EQ(reading.packets.size(), 1U);
}

TEST(TagReader, KeepsOfMetadataWhatIsFitForPeople) {
    Reading reading;
    AmfWriter out;
    out.string("onMetaData").beginEcmaArray(3).member("width", 1280.0).member("title", "a\nb").flag("stereo", true);
    for (int i = 0; i < 100; ++i) out.member("n" + std::to_string(i), 1.0);
    out.endObject();
    reading.take(FlvTagType::Script, 0, out.bytes());
    reading.take(FlvTagType::Script, 0, AmfWriter().string("@setDataFrame").bytes() + out.bytes());
    reading.take(FlvTagType::Script, 0, AmfWriter().string("onCuePoint").null().bytes());
    reading.take(FlvTagType::Script, 0, {2, 0});
    TagReader secretive({"s3cr3t"});
    Received received;
    secretive.take(FlvTagType::Script, 0,
                   AmfWriter().string("onMetaData").beginEcmaArray(1).member("from", "at s3cr3t").endObject().bytes(), received);
    ASSERT_EQ(received.size(), 1U);
    EXPECT_EQ(std::get<StreamMetadata>(received[0]).text("from"), "at ***");
    ASSERT_EQ(reading.metadata.size(), 2U);
    for (const auto& metadata : reading.metadata) {
        EXPECT_EQ(metadata.fields.size(), 64U);
        EXPECT_EQ(metadata.number("width"), 1280);
        EXPECT_EQ(metadata.number("stereo"), 1);
        EXPECT_EQ(metadata.text("title").find('\n'), std::string_view::npos);
    }
}

}  // namespace
}  // namespace livepusher::rtmp
