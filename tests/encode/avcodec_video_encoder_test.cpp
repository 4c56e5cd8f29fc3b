// SPDX-License-Identifier: MIT
// The software encoders of libavcodec. Hardware is opened, fed and read by the same code; what differs is a table.
#include "encode/encoders.hpp"

#include <livepusher/message.hpp>

#include "decode.hpp"
#include "encode/packet_list.hpp"
#include "media/nal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace livepusher::encode {
namespace {

using namespace std::chrono_literals;
using test::decodeVideo;
using test::psnr;
using test::texture;

struct AvcodecVideoEncoderTest : testing::TestWithParam<const char*> {
    const KnownEncoder& known = *findEncoder(GetParam());
    const bool av1 = known.codec == VideoCodec::av1;
    VideoEncoderSettings settings;
    std::unique_ptr<VideoEncoder> encoder = makeAvcodecVideoEncoder(known);
    PacketList sink;
    std::vector<Packet>& packets = sink.packets;
    std::vector<VideoFrame> given;

    AvcodecVideoEncoderTest() {
        settings.width = 320;
        settings.height = 192;
        settings.fps = 15;
        settings.bitrate = 500;
        settings.preset = "ultrafast";
    }
    Result<std::string> open() { return encoder->open(settings, sink); }
    void give(int number, bool forceKey = false) {
        giveAt(number, Timestamp(5s) + Timestamp(number * 1'000'000LL / settings.fps), forceKey);
    }
    void giveAt(int number, Timestamp pts, bool forceKey = false) {
        auto frame = texture(settings.width, settings.height, number);
        frame.pts = pts;
        given.push_back(frame);
        const auto result = encoder->encode(frame, forceKey);
        ASSERT_TRUE(result) << result.error().message;
    }
    std::vector<Packet> pictures() const {
        std::vector<Packet> found;
        for (const auto& packet : packets)
            if (packet.kind != Packet::Kind::Config) found.push_back(packet);
        return found;
    }
    std::vector<int> keys() const {
        std::vector<int> found;
        int number = 0;
        for (const auto& packet : pictures()) {
            if (packet.kind == Packet::Kind::Key) found.push_back(number);
            ++number;
        }
        return found;
    }
    double kbps(std::size_t first, std::size_t last) const {
        std::size_t bytes = 0;
        const auto all = pictures();
        for (std::size_t i = first; i < last; ++i) bytes += all[i].data->size();
        return static_cast<double>(bytes) * 8 / 1000 * settings.fps / static_cast<double>(last - first);
    }
    void checkDecoded() const {
        const auto decoded = decodeVideo(packets);
        EXPECT_EQ(decoded.errors, 0);
        ASSERT_EQ(decoded.frames.size(), given.size());
        for (std::size_t i = 0; i < given.size(); ++i) {
            EXPECT_EQ(decoded.frames[i].width(), given[i].width());
            EXPECT_EQ(decoded.frames[i].height(), given[i].height());
            EXPECT_EQ(decoded.frames[i].pts, given[i].pts);
            EXPECT_GT(psnr(decoded.frames[i], given[i]), 22) << "frame " << i;
        }
    }
};
INSTANTIATE_TEST_SUITE_P(Software, AvcodecVideoEncoderTest, testing::Values("libx265", "libsvtav1"),
                         [](const auto& which) { return std::string(which.param); });

TEST_P(AvcodecVideoEncoderTest, TellsItsNameAndEmitsTheConfigBeforeOpenReturns) {
    const auto opened = open();
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(*opened, av1 ? "AV1 libsvtav1 ultrafast" : "H.265 libx265 ultrafast");
    ASSERT_EQ(packets.size(), 1U);
    EXPECT_EQ(packets[0].kind, Packet::Kind::Config);
    EXPECT_EQ(packets[0].data->at(0), av1 ? 0x81 : 1);
    const auto& about = *packets[0].description;
    EXPECT_EQ(about.width, 320);
    EXPECT_EQ(about.height, 192);
    EXPECT_EQ(about.fps, 15);
    EXPECT_EQ(about.bitrate, 500);
    EXPECT_EQ(about.videoCodec, known.codec);
}

TEST_P(AvcodecVideoEncoderTest, CodesEverySizeExactly) {
    const std::pair<int, int> sizes[] = {{64, 64}, {362, 642}, {640, 360}};
    for (const auto& [width, height] : sizes) {
        SCOPED_TRACE(std::to_string(width) + "x" + std::to_string(height));
        settings.width = width;
        settings.height = height;
        settings.bitrate = 3000;
        packets.clear();
        given.clear();
        const auto opened = open();
        ASSERT_TRUE(opened) << opened.error().message;
        EXPECT_EQ(packets.at(0).description->width, width);
        EXPECT_EQ(packets.at(0).description->height, height);
        for (int i = 0; i < 4; ++i) give(i);
        encoder->close();
        checkDecoded();
    }
}

TEST_P(AvcodecVideoEncoderTest, PutsAKeyFrameAtEveryGop) {
    settings.gop = 1.0;
    ASSERT_TRUE(open());
    for (int i = 0; i < 50; ++i) give(i);
    encoder->close();
    EXPECT_EQ(keys(), (std::vector{0, 15, 30, 45}));
    checkDecoded();
}

TEST_P(AvcodecVideoEncoderTest, MakesAForcedFrameAKeyAndCountsTheGopFromThere) {
    settings.gop = 1.0;
    ASSERT_TRUE(open());
    for (int i = 0; i < 30; ++i) give(i, i == 7);
    encoder->close();
    EXPECT_EQ(keys(), (std::vector{0, 7, 22}));
    checkDecoded();
}

TEST_P(AvcodecVideoEncoderTest, PutsAKeyFrameAtEveryGopOfTimeAtWhateverPaceFramesCome) {
    settings.fps = 30;
    settings.gop = 2.0;
    settings.width = settings.height = 64;
    ASSERT_TRUE(open());
    struct {
        double seconds, fps;
    } const paces[] = {{3, 30}, {12.5, 5}, {7, 30}, {6, 12}, {5, 30}, {4, 24}};
    Timestamp pts = 5s;
    int number = 0, jitter = 0;
    for (const auto& pace : paces) {
        const auto step = Timestamp(std::llround(1e6 / pace.fps));
        for (const auto end = pts + Timestamp(std::llround(pace.seconds * 1e6)); pts < end; pts += step) {
            jitter = (jitter * 7 + 3) % 11;
            giveAt(number++, pts + Timestamp(jitter * 500));
        }
    }
    encoder->close();
    checkDecoded();
    const auto all = keys();
    ASSERT_FALSE(all.empty());
    EXPECT_EQ(all.front(), 0);
    const auto times = pictures();
    const auto at = [&](int picture) { return times[static_cast<std::size_t>(picture)].pts; };
    for (std::size_t i = 1; i <= all.size(); ++i) {
        const bool last = i == all.size();
        const int next = last ? static_cast<int>(times.size()) - 1 : all[i];
        const auto frame = at(next) - at(next - 1);
        EXPECT_LE(at(next) - at(all[i - 1]), Timestamp(2s) + frame + Timestamp(200ms)) << "key " << i << " at picture " << next;
    }
    EXPECT_LE(all.size(), 26U);  // 19 at the least; a few more where the pace changes
}

TEST_P(AvcodecVideoEncoderTest, DecodesFromAnyKeyFrameOn) {
    ASSERT_TRUE(open());
    for (int i = 0; i < 20; ++i) give(i, i == 10);
    encoder->close();
    auto rest = pictures();
    rest.erase(rest.begin(), rest.begin() + 10);
    rest.insert(rest.begin(), packets[0]);
    const auto decoded = decodeVideo(rest);
    EXPECT_EQ(decoded.errors, 0);
    EXPECT_EQ(decoded.frames.size(), 10U);
}

TEST_P(AvcodecVideoEncoderTest, FollowsTheBitrateAtOnceWhenItFallsAndWithTheNextKeyWhenItRises) {
    settings.bitrate = 900;
    ASSERT_TRUE(open());
    for (int i = 0; i < 40; ++i) give(i);
    ASSERT_TRUE(encoder->setBitrate(300));
    for (int i = 40; i < 120; ++i) give(i);
    ASSERT_TRUE(encoder->setBitrate(1200));
    for (int i = 120; i < 210; ++i) give(i);
    encoder->close();
    const auto all = keys();
    EXPECT_TRUE(std::ranges::find(all, 40) != all.end());
    EXPECT_TRUE(std::ranges::find(all, 120) == all.end());
    EXPECT_NEAR(kbps(60, 120), 300, 300 * 0.35);
    EXPECT_NEAR(kbps(160, 210), 1200, 1200 * 0.35);
    EXPECT_EQ(pictures().size(), 210U);
    checkDecoded();
}

TEST_P(AvcodecVideoEncoderTest, KeepsTimesInOrderAndUnchanged) {
    for (const bool lowLatency : {true, false}) {
        settings.lowLatency = lowLatency;
        settings.fps = 30;
        packets.clear();
        given.clear();
        ASSERT_TRUE(open());
        for (int i = 0; i < 40; ++i) give(i);
        encoder->close();
        Timestamp last = Timestamp::min();
        for (const auto& packet : pictures()) {
            EXPECT_GT(packet.dts, last);
            EXPECT_LE(packet.dts, packet.pts);
            if (lowLatency) {
                EXPECT_EQ(packet.dts, packet.pts);
            }
            last = packet.dts;
        }
        checkDecoded();
    }
}

TEST_P(AvcodecVideoEncoderTest, HoldsBackAtMostAFewFrames) {
    ASSERT_TRUE(open());
    for (int i = 0; i < 30; ++i) {
        give(i);
        EXPECT_LE(given.size() - pictures().size(), av1 ? 8U : 0U) << "after frame " << i;
    }
}

TEST_P(AvcodecVideoEncoderTest, SignalsTheColoursItWasGiven) {
    for (const auto& [bt709, expected] : {std::pair{true, 1}, std::pair{false, 6}}) {
        settings.bt709 = bt709;
        packets.clear();
        ASSERT_TRUE(open());
        give(0);
        encoder->close();
        const auto decoded = decodeVideo(packets);
        EXPECT_EQ(decoded.primaries, expected);
        EXPECT_EQ(decoded.transfer, expected);
        EXPECT_EQ(decoded.matrix, expected);
        EXPECT_TRUE(decoded.limitedRange);
    }
}

TEST_P(AvcodecVideoEncoderTest, PutsNothingButPicturesIntoItsPackets) {
    ASSERT_TRUE(open());
    for (int i = 0; i < 20; ++i) give(i, i == 10);
    encoder->close();
    for (const auto& packet : pictures()) {
        if (av1) {
            EXPECT_NE(packet.data->at(0) >> 3 & 15, 2) << "a temporal delimiter";
            continue;
        }
        const auto units = base::splitLengths(*packet.data);
        ASSERT_FALSE(units.empty());
        for (const auto unit : units) EXPECT_LE(base::HevcNal::type(unit), base::HevcNal::kLastSlice);
    }
}

TEST_P(AvcodecVideoEncoderTest, CarriesMessagesWithTheNextFrameByteForByteButInAv1) {
    const std::string uuid(kMessageUuid.begin(), kMessageUuid.end());
    const std::string longest(1024, '\0');  // each zero wants an escape in the stream
    for (const bool lowLatency : {true, false}) {
        settings.lowLatency = lowLatency;
        packets.clear();
        ASSERT_TRUE(open());
        give(0);
        encoder->addMessage("hello");
        encoder->addMessage("你好");
        give(1);
        give(2);
        encoder->addMessage(longest);
        give(3);
        for (int i = 4; i < 12; ++i) give(i);
        encoder->close();
        const auto decoded = decodeVideo(packets);
        EXPECT_EQ(decoded.errors, 0);
        ASSERT_EQ(decoded.messages.size(), 12U);
        EXPECT_TRUE(decoded.messages[0].empty());
        if (av1) {
            EXPECT_TRUE(decoded.messages[1].empty());
            continue;
        }
        EXPECT_EQ(decoded.messages[1], (std::vector{uuid + "hello", uuid + "你好"}));
        EXPECT_TRUE(decoded.messages[2].empty());
        EXPECT_EQ(decoded.messages[3], std::vector{uuid + longest});
    }
}

TEST_P(AvcodecVideoEncoderTest, CanBeOpenedAgainWithAnotherSize) {
    ASSERT_TRUE(open());
    give(0);
    give(1);
    encoder->close();
    settings.width = 160;
    settings.height = 288;
    ASSERT_TRUE(open());
    give(2);
    give(3);
    encoder->close();
    checkDecoded();
    EXPECT_EQ(keys(), (std::vector{0, 2}));
}

TEST_P(AvcodecVideoEncoderTest, RefusesWhatItCantDoAndGoesOn) {
    EXPECT_FALSE(encoder->encode(texture(320, 192, 0), false));
    EXPECT_FALSE(encoder->setBitrate(500));
    settings.width = 321;
    const auto odd = open();
    ASSERT_FALSE(odd);
    EXPECT_EQ(odd.error().code, Code::UnsupportedResolution);
    settings.width = 320;
    ASSERT_TRUE(open());
    const auto refused = encoder->encode(texture(320, 194, 0), false);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("320x194"), std::string::npos);
    EXPECT_FALSE(encoder->setBitrate(0));
    give(0);
    encoder->close();
    EXPECT_EQ(pictures().size(), 1U);
}

TEST_P(AvcodecVideoEncoderTest, CallsNobodyWhenItGoesAwayUnclosed) {
    settings.lowLatency = false;
    settings.fps = 30;
    ASSERT_TRUE(open());
    give(0);
    give(1);
    const auto before = packets.size();
    encoder.reset();
    EXPECT_EQ(packets.size(), before);
}

}  // namespace
}  // namespace livepusher::encode
