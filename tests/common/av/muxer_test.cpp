// SPDX-License-Identifier: MIT
#include "av/muxer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "coded_stream.hpp"
#include "expect_holds.hpp"
#include "temp_folder.hpp"

namespace livepusher::capture {
namespace {

using livepusher::test::codedStream;
using livepusher::test::readFile;
using livepusher::test::ReadFile;
using livepusher::test::StreamRecipe;
using Kind = Packet::Kind;
using Track = Packet::Track;

constexpr Timestamp kTick{1'000};  // Matroska's, the coarsest

class Container {
public:
    explicit Container(MuxerFormat format, bool patches = false)
        : muxer({.format = format, .patches = patches}, [this](std::uint64_t at, std::span<const std::uint8_t> made) {
              if (at != bytes.size()) ++patched;
              EXPECT_LE(at, bytes.size()) << "a hole";
              if (at + made.size() > bytes.size()) bytes.resize(at + made.size());
              std::ranges::copy(made, bytes.begin() + static_cast<std::ptrdiff_t>(at));
          }) {}

    void write(const std::vector<Packet>& packets) {
        for (const auto& packet : packets) {
            const auto wrote = muxer.write(packet);
            ASSERT_TRUE(wrote) << wrote.error().message;
        }
    }
    ReadFile read() const { return readFile(folder.write("container", {bytes.begin(), bytes.end()})); }

    TempFolder folder;
    std::vector<std::uint8_t> bytes;
    int patched = 0;
    Muxer muxer;
};

std::vector<Packet> ofTrack(const std::vector<Packet>& packets, Track track) {
    std::vector<Packet> out;
    std::ranges::copy_if(packets, std::back_inserter(out),
                         [&](const Packet& p) { return p.track == track && p.kind != Kind::Config; });
    return out;
}

/// Every packet, its times against the first's, its key flags.
void expectTrack(const ReadFile::Track& read, const std::vector<Packet>& given, Timestamp zero) {
    ASSERT_EQ(read.pts.size(), given.size());
    for (std::size_t i = 0; i < given.size(); ++i) {
        SCOPED_TRACE(i);
        EXPECT_NEAR(static_cast<double>(read.pts[i].count()), static_cast<double>((given[i].pts - zero).count()), kTick.count());
        EXPECT_EQ(read.keys[i], given[i].kind == Kind::Key);
        if (i > 0) {
            EXPECT_GT(read.dts[i], read.dts[i - 1]);
        }
    }
}

struct Case {
    MuxerFormat format;
    VideoCodec video;
    AudioCodec audio;
    bool lowLatency;
    const char* name;
};

class MuxerFormats : public testing::TestWithParam<Case> {};

INSTANTIATE_TEST_SUITE_P(All, MuxerFormats,
                         testing::Values(Case{MuxerFormat::MpegTs, VideoCodec::h264, AudioCodec::aac, true, "TsAvcAac"},
                                         Case{MuxerFormat::MpegTs, VideoCodec::h264, AudioCodec::aac, false, "TsAvcAheadAac"},
                                         Case{MuxerFormat::MpegTs, VideoCodec::hevc, AudioCodec::opus, true, "TsHevcOpus"},
                                         Case{MuxerFormat::Mp4, VideoCodec::h264, AudioCodec::aac, true, "Mp4AvcAac"},
                                         Case{MuxerFormat::Mp4, VideoCodec::h264, AudioCodec::aac, false, "Mp4AvcAheadAac"},
                                         Case{MuxerFormat::Mp4, VideoCodec::hevc, AudioCodec::opus, true, "Mp4HevcOpus"},
                                         Case{MuxerFormat::Mp4, VideoCodec::av1, AudioCodec::aac, true, "Mp4Av1Aac"},
                                         Case{MuxerFormat::Matroska, VideoCodec::h264, AudioCodec::aac, true, "MkvAvcAac"},
                                         Case{MuxerFormat::Matroska, VideoCodec::h264, AudioCodec::aac, false, "MkvAvcAheadAac"},
                                         Case{MuxerFormat::Matroska, VideoCodec::hevc, AudioCodec::opus, true, "MkvHevcOpus"},
                                         Case{MuxerFormat::Matroska, VideoCodec::av1, AudioCodec::opus, true, "MkvAv1Opus"}),
                         [](const auto& which) { return std::string(which.param.name); });

TEST_P(MuxerFormats, HoldWhatTheyAreGivenAtItsTimes) {
    const auto& c = GetParam();
    const auto packets =
        codedStream({.videoCodec = c.video, .audioCodec = c.audio, .lowLatency = c.lowLatency, .start = Timestamp(7'000'000)});
    const bool patches = c.format == MuxerFormat::Matroska;  // which else tells no duration
    Container made(c.format, patches);
    made.write(packets);
    ASSERT_TRUE(made.muxer.finish());
    EXPECT_EQ(made.patched > 0, patches);

    const auto read = made.read();
    const auto video = ofTrack(packets, Track::Video), audio = ofTrack(packets, Track::Audio);
    EXPECT_EQ(read.video.codec, c.video == VideoCodec::h264 ? "h264" : c.video == VideoCodec::hevc ? "hevc" : "av1");
    EXPECT_EQ(read.audio.codec, c.audio == AudioCodec::aac ? "aac" : "opus");
    EXPECT_EQ(read.audio.sampleRate, 48'000);
    EXPECT_EQ(read.audio.channels, 2);
    const bool ts = c.format == MuxerFormat::MpegTs;
    // MPEG-TS goes on with the packets' times, all of them later by the same.
    const auto zero = ts ? video.at(0).pts - read.video.pts.at(0) : std::min(video.at(0).dts, audio.at(0).dts);
    expectTrack(read.video, video, zero);
    expectTrack(read.audio, audio, zero);
    EXPECT_EQ(read.errors, 0);
    EXPECT_EQ(read.sizes.size(), video.size());
    if (!ts) {
        const auto length = video.back().pts + Timestamp(40'000) - zero;
        EXPECT_NEAR(static_cast<double>(read.duration.count()), static_cast<double>(length.count()), 60'000);
    }
}

/// So that nothing more than half a second is lost with the process.
TEST_P(MuxerFormats, HaveGivenOutAllButHalfASecondAtAnyTime) {
    const auto& c = GetParam();
    const auto packets = codedStream({.videoCodec = c.video, .audioCodec = c.audio, .lowLatency = c.lowLatency, .gop = 10});
    const auto video = ofTrack(packets, Track::Video);
    Container made(c.format);
    std::size_t given = 0;
    for (const auto& packet : packets) {
        ASSERT_TRUE(made.muxer.write(packet));
        if (packet.track != Track::Video || packet.kind == Kind::Config) continue;
        if (++given % 10 != 0 || given < 20) continue;
        const auto read = made.read();
        ASSERT_FALSE(read.video.dts.empty()) << given;
        const auto there = read.video.pts.size();
        EXPECT_LE(given - there, 15U) << "of " << given;  // 500 ms of 25 fps, and what is being added
        EXPECT_EQ(read.errors, 0) << given;
    }
}

class MuxerSizes : public testing::TestWithParam<Case> {};

INSTANTIATE_TEST_SUITE_P(All, MuxerSizes,
                         testing::Values(Case{MuxerFormat::MpegTs, VideoCodec::h264, AudioCodec::aac, true, "TsAvc"},
                                         Case{MuxerFormat::MpegTs, VideoCodec::hevc, AudioCodec::aac, true, "TsHevc"},
                                         Case{MuxerFormat::Mp4, VideoCodec::h264, AudioCodec::aac, true, "Mp4Avc"},
                                         Case{MuxerFormat::Mp4, VideoCodec::hevc, AudioCodec::aac, true, "Mp4Hevc"},
                                         Case{MuxerFormat::Mp4, VideoCodec::av1, AudioCodec::aac, true, "Mp4Av1"},
                                         Case{MuxerFormat::Matroska, VideoCodec::h264, AudioCodec::aac, true, "MkvAvc"},
                                         Case{MuxerFormat::Matroska, VideoCodec::hevc, AudioCodec::aac, true, "MkvHevc"},
                                         Case{MuxerFormat::Matroska, VideoCodec::av1, AudioCodec::aac, true, "MkvAv1"}),
                         [](const auto& which) { return std::string(which.param.name); });

TEST_P(MuxerSizes, GoOnWithPicturesOfAnotherSize) {
    const auto& c = GetParam();
    StreamRecipe recipe{.videoCodec = c.video, .audio = false, .frames = 25};
    auto packets = codedStream(recipe);
    recipe.width = 192;
    recipe.height = 128;
    recipe.start = Timestamp(1'000'000);
    recipe.first = 25;
    const auto smaller = codedStream(recipe);
    packets.insert(packets.end(), smaller.begin(), smaller.end());
    Container made(c.format);
    made.write(packets);
    ASSERT_TRUE(made.muxer.finish());
    const auto read = made.read();
    EXPECT_EQ(read.errors, 0);
    ASSERT_EQ(read.sizes.size(), 50U);
    for (std::size_t i = 0; i < 50; ++i) EXPECT_EQ(read.sizes[i], i < 25 ? std::pair(320, 192) : std::pair(192, 128)) << i;
}

TEST(Muxer, TakesNoOtherSoundAndNoLaterTrackOnceItHasBegun) {
    const auto packets = codedStream({.frames = 5});
    const auto& audio = *std::ranges::find_if(packets, [](const auto& p) { return p.track == Track::Audio; });
    const auto opus = codedStream({.audioCodec = AudioCodec::opus, .video = false, .frames = 5});
    Container made(MuxerFormat::Mp4);
    EXPECT_TRUE(made.muxer.takes(opus.front()));
    made.write(packets);
    EXPECT_TRUE(made.muxer.begun());
    EXPECT_TRUE(made.muxer.takes(packets.front()));
    EXPECT_TRUE(made.muxer.takes(audio));
    EXPECT_FALSE(made.muxer.takes(opus.front()));
    const auto wrote = made.muxer.write(opus.front());
    ASSERT_FALSE(wrote);
    expectHolds(wrote.error().message, "MP4");

    Container pictures(MuxerFormat::Matroska);
    pictures.write(codedStream({.audio = false, .frames = 5}));
    EXPECT_FALSE(pictures.muxer.takes(audio)) << "one more track";
    EXPECT_TRUE(pictures.muxer.write(ofTrack(packets, Track::Audio).front())) << "is left out";
}

TEST(Muxer, MakesNothingOfNothing) {
    Container made(MuxerFormat::Mp4, true);
    const auto packets = codedStream({.frames = 5});
    made.write({packets[0], packets[1]});
    EXPECT_FALSE(made.muxer.begun());
    ASSERT_TRUE(made.muxer.finish());
    EXPECT_TRUE(made.bytes.empty());
}

TEST(Muxer, RefusesAv1InATransportStream) {
    Container made(MuxerFormat::MpegTs);
    const auto packets = codedStream({.videoCodec = VideoCodec::av1, .audio = false, .frames = 3});
    ASSERT_TRUE(made.muxer.write(packets[0]));
    const auto wrote = made.muxer.write(packets[1]);
    ASSERT_FALSE(wrote);
    EXPECT_EQ(wrote.error().code, Code::InvalidArgument);
    expectHolds(wrote.error().message, "no AV1");
}

TEST(Muxer, BeginsAFileOfPicturesAloneAtZero) {
    for (const auto format : {MuxerFormat::Mp4, MuxerFormat::Matroska}) {
        Container made(format);
        made.write(codedStream({.audio = false, .lowLatency = false, .start = Timestamp(90'000'000)}));
        ASSERT_TRUE(made.muxer.finish());
        const auto read = made.read();
        EXPECT_EQ(format == MuxerFormat::Mp4 ? read.video.dts.at(0) : read.video.pts.at(0), Timestamp(0));
        EXPECT_EQ(read.errors, 0);
        EXPECT_EQ(read.sizes.size(), 50U);
    }
}

TEST(Muxer, FillsInAMatroskaFilesDurationAndIndexWhereItMay) {
    const auto packets = codedStream({.frames = 75});
    Container made(MuxerFormat::Matroska, true);
    made.write(packets);
    EXPECT_EQ(made.patched, 0) << "not before its end";
    ASSERT_TRUE(made.muxer.finish());
    EXPECT_GT(made.patched, 0);
    const std::string cues("\x1c\x53\xbb\x6b");
    EXPECT_NE(std::ranges::search(made.bytes, std::vector<std::uint8_t>(cues.begin(), cues.end())).begin(), made.bytes.end());
    const auto read = made.read();
    EXPECT_NEAR(static_cast<double>(read.duration.count()), 3e6, 60'000);
    EXPECT_EQ(read.sizes.size(), 75U);
}

}  // namespace
}  // namespace livepusher::capture
