// SPDX-License-Identifier: MIT
#include <livepusher/message.hpp>

#include "decode.hpp"
#include "encode/encoders.hpp"
#include "encode/packet_list.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace livepusher::encode {
namespace {

using namespace std::chrono_literals;
using livepusher::test::decodeVideo;
using livepusher::test::psnr;
using livepusher::test::texture;

struct X264EncoderTest : testing::Test {
    VideoEncoderSettings settings;
    std::unique_ptr<VideoEncoder> encoder = makeX264Encoder();
    PacketList sink;
    std::vector<Packet>& packets = sink.packets;
    std::vector<VideoFrame> given;

    X264EncoderTest() {
        settings.width = 320;
        settings.height = 240;
        settings.fps = 15;
        settings.bitrate = 500;
    }
    Result<std::string> open() { return encoder->open(settings, sink); }
    static Timestamp timeOf(int number, int fps) { return Timestamp(5s) + Timestamp(number * 1'000'000LL / fps); }
    void give(int number, bool forceKey = false) { give(number, forceKey, number); }
    void give(int number, bool forceKey, int picture) {
        auto frame = texture(settings.width, settings.height, picture);
        frame.pts = timeOf(number, settings.fps);
        given.push_back(frame);
        const auto result = encoder->encode(frame, forceKey);
        ASSERT_TRUE(result) << result.error().message;
    }
    std::vector<int> keys() const {
        std::vector<int> found;
        int number = 0;
        for (const auto& packet : packets) {
            if (packet.kind == Packet::Kind::Config) continue;
            if (packet.kind == Packet::Kind::Key) found.push_back(number);
            ++number;
        }
        return found;
    }
    /// Of the coded packets [first, last), at the settings' fps.
    double kbps(std::size_t first, std::size_t last) const {
        std::size_t bytes = 0;
        for (std::size_t i = first; i < last; ++i) bytes += packets[i + 1].data->size();  // the first is Config
        return static_cast<double>(bytes) * 8 / 1000 * settings.fps / static_cast<double>(last - first);
    }
};

TEST_F(X264EncoderTest, TellsItsNameAndEmitsTheConfigBeforeOpenReturns) {
    const auto opened = open();
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(*opened, "H.264 x264 veryfast");
    ASSERT_EQ(packets.size(), 1U);
    EXPECT_EQ(packets[0].track, Packet::Track::Video);
    EXPECT_EQ(packets[0].kind, Packet::Kind::Config);
    EXPECT_EQ(packets[0].data->at(0), 1);
    ASSERT_TRUE(packets[0].description);
    EXPECT_EQ(packets[0].description->width, 320);
    EXPECT_EQ(packets[0].description->height, 240);
    EXPECT_EQ(packets[0].description->fps, 15);
    EXPECT_EQ(packets[0].description->bitrate, 500);
}

TEST_F(X264EncoderTest, CodesEverySizeExactly) {
    const std::pair<int, int> sizes[] = {{64, 64}, {360, 640}, {362, 642}, {640, 360}, {1280, 720}, {66, 1080}};
    for (const auto& [width, height] : sizes) {
        SCOPED_TRACE(std::to_string(width) + "x" + std::to_string(height));
        settings.width = width;
        settings.height = height;
        settings.bitrate = 3000;
        packets.clear();
        given.clear();
        ASSERT_TRUE(open());
        for (int i = 0; i < 4; ++i) give(i);
        encoder->close();
        const auto decoded = decodeVideo(packets);
        EXPECT_EQ(decoded.errors, 0);
        ASSERT_EQ(decoded.frames.size(), given.size());
        for (std::size_t i = 0; i < given.size(); ++i) {
            EXPECT_EQ(decoded.frames[i].width(), width);
            EXPECT_EQ(decoded.frames[i].height(), height);
            EXPECT_GT(psnr(decoded.frames[i], given[i]), 25);
            EXPECT_EQ(decoded.frames[i].pts, given[i].pts);
        }
    }
}

TEST_F(X264EncoderTest, KeepsThePictureAtAFairBitrate) {
    settings.bitrate = 2500;
    ASSERT_TRUE(open());
    for (int i = 0; i < 30; ++i) give(i);
    const auto decoded = decodeVideo(packets);
    ASSERT_EQ(decoded.frames.size(), given.size());
    for (std::size_t i = 15; i < given.size(); ++i) EXPECT_GT(psnr(decoded.frames[i], given[i]), 32);
}

TEST_F(X264EncoderTest, PutsAKeyFrameAtEveryGopExactly) {
    settings.gop = 1.0;
    ASSERT_TRUE(open());
    for (int i = 0; i < 50; ++i) give(i);
    EXPECT_EQ(keys(), (std::vector{0, 15, 30, 45}));
}

TEST_F(X264EncoderTest, PutsNoKeyFrameAtACutOfScene) {
    ASSERT_TRUE(open());
    for (int i = 0; i < 25; ++i) give(i, false, i < 12 ? i : 1000 + 50 * i);
    EXPECT_EQ(keys(), (std::vector{0}));
}

TEST_F(X264EncoderTest, KeepsTheDistanceOfKeysInTimeWhereFramesAreMissing) {
    settings.gop = 2.0;
    ASSERT_TRUE(open());
    for (int i = 0; i < 90; i += 3) give(i);  // 5 of 15 frames a second
    EXPECT_EQ(keys(), (std::vector{0, 11, 22}));
}

TEST_F(X264EncoderTest, MakesAForcedFrameAKeyAndCountsTheGopFromThere) {
    settings.gop = 1.0;
    ASSERT_TRUE(open());
    for (int i = 0; i < 40; ++i) give(i, i == 7);
    EXPECT_EQ(keys(), (std::vector{0, 7, 22, 37}));
    const auto decoded = decodeVideo(packets);
    EXPECT_EQ(decoded.types[7], 'I');
}

TEST_F(X264EncoderTest, DecodesFromAnyKeyFrameOn) {
    ASSERT_TRUE(open());
    for (int i = 0; i < 20; ++i) give(i, i == 10);
    std::vector<Packet> rest{packets[0]};
    rest.insert(rest.end(), packets.begin() + 11, packets.end());
    const auto decoded = decodeVideo(rest);
    EXPECT_EQ(decoded.errors, 0);
    EXPECT_EQ(decoded.frames.size(), 10U);
}

TEST_F(X264EncoderTest, FollowsTheBitrateWithoutAKeyFrame) {
    settings.bitrate = 900;
    settings.gop = 60;
    ASSERT_TRUE(open());
    for (int i = 0; i < 60; ++i) give(i);
    ASSERT_TRUE(encoder->setBitrate(300));
    for (int i = 60; i < 150; ++i) give(i);
    ASSERT_TRUE(encoder->setBitrate(1200));
    for (int i = 150; i < 240; ++i) give(i);
    EXPECT_EQ(keys(), (std::vector{0}));
    EXPECT_NEAR(kbps(15, 60), 900, 900 * 0.15);
    EXPECT_NEAR(kbps(75, 150), 300, 300 * 0.15);
    EXPECT_NEAR(kbps(210, 240), 1200, 1200 * 0.15);  // x264 goes up with care
    EXPECT_EQ(std::count_if(packets.begin(), packets.end(), [](const Packet& p) { return p.kind == Packet::Kind::Config; }), 1);
    EXPECT_EQ(decodeVideo(packets).errors, 0);
}

TEST_F(X264EncoderTest, NeverOverfillsTheVbv) {
    settings.bitrate = 400;
    settings.gop = 1.0;
    ASSERT_TRUE(open());
    for (int i = 0; i < 120; ++i) give(i, false, i % 40 < 20 ? i : i * 37);  // calm, then every picture a new one
    const double buffer = 400 / 2 * 1000.0;
    double fill = buffer;
    for (std::size_t i = 1; i < packets.size(); ++i) {
        fill -= static_cast<double>(packets[i].data->size()) * 8;
        EXPECT_GT(fill, -0.1 * buffer) << "frame " << i - 1;  // x264 may miss by a little on pictures it didn't foresee
        fill = std::min(buffer, fill + 400'000.0 / settings.fps);
    }
}

TEST_F(X264EncoderTest, GivesEveryFrameOutAtOnceAndInOrderForLowLatency) {
    ASSERT_TRUE(open());
    for (int i = 0; i < 20; ++i) {
        give(i);
        ASSERT_EQ(packets.size(), static_cast<std::size_t>(i) + 2);
        EXPECT_EQ(packets.back().pts, given.back().pts);
        EXPECT_EQ(packets.back().dts, given.back().pts);
    }
    for (const char type : decodeVideo(packets).types) EXPECT_NE(type, 'B');
}

TEST_F(X264EncoderTest, ReordersWithBFramesInRisingDtsAndDrainsAtClose) {
    settings.lowLatency = false;
    settings.fps = 30;
    ASSERT_TRUE(open());
    for (int i = 0; i < 45; ++i) {
        give(i);
        EXPECT_LE(i + 1 - static_cast<int>(packets.size() - 1), 3);
    }
    encoder->close();
    ASSERT_EQ(packets.size(), 46U);
    for (std::size_t i = 1; i < packets.size(); ++i) {
        EXPECT_LE(packets[i].dts, packets[i].pts);
        if (i > 1) {
            EXPECT_GT(packets[i].dts, packets[i - 1].dts);
        }
    }
    const auto decoded = decodeVideo(packets);
    EXPECT_EQ(decoded.errors, 0);
    ASSERT_EQ(decoded.frames.size(), 45U);
    for (std::size_t i = 0; i < 45; ++i) EXPECT_EQ(decoded.frames[i].pts, given[i].pts);
    EXPECT_GT(std::count(decoded.types.begin(), decoded.types.end(), 'B'), 0);
}

TEST_F(X264EncoderTest, CarriesUnevenTimesUnchanged) {
    ASSERT_TRUE(open());
    std::vector<Timestamp> times;
    for (int i = 0; i < 30; ++i) {
        auto frame = texture(320, 240, i);
        frame.pts = Timestamp(1000 + i * 66'667 + (i * 7919) % 30'000);
        times.push_back(frame.pts);
        ASSERT_TRUE(encoder->encode(frame, false));
        EXPECT_EQ(packets.back().pts, frame.pts);
    }
}

TEST_F(X264EncoderTest, SignalsTheColoursItWasGiven) {
    struct {
        bool bt709;
        int expected;
    } const cases[] = {{true, 1}, {false, 6}};
    for (const auto& c : cases) {
        settings.bt709 = c.bt709;
        packets.clear();
        ASSERT_TRUE(open());
        give(0);
        const auto decoded = decodeVideo(packets);
        EXPECT_EQ(decoded.primaries, c.expected);
        EXPECT_EQ(decoded.transfer, c.expected);
        EXPECT_EQ(decoded.matrix, c.expected);
        EXPECT_TRUE(decoded.limitedRange);
        EXPECT_EQ(decoded.profile, 100);
    }
}

TEST_F(X264EncoderTest, PutsNothingButSlicesIntoItsPackets) {
    ASSERT_TRUE(open());
    for (int i = 0; i < 20; ++i) give(i, i == 10);
    for (std::size_t i = 1; i < packets.size(); ++i) {
        const auto& data = *packets[i].data;
        for (std::size_t at = 0; at + 4 < data.size();) {
            const std::size_t size =
                std::size_t{data[at]} << 24 | std::size_t{data[at + 1]} << 16 | std::size_t{data[at + 2]} << 8 | data[at + 3];
            EXPECT_EQ(data[at + 4] & 0x1f, packets[i].kind == Packet::Kind::Key ? 5 : 1);
            at += 4 + size;
            EXPECT_LE(at, data.size());
        }
    }
}

TEST_F(X264EncoderTest, CarriesMessagesWithTheNextFrameByteForByte) {
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
        for (int i = 4; i < 20; ++i) give(i);
        encoder->close();
        const auto decoded = decodeVideo(packets);
        EXPECT_EQ(decoded.errors, 0);
        ASSERT_EQ(decoded.messages.size(), 20U);
        EXPECT_TRUE(decoded.messages[0].empty());
        EXPECT_EQ(decoded.messages[1], (std::vector{uuid + "hello", uuid + "你好"}));
        EXPECT_TRUE(decoded.messages[2].empty());
        EXPECT_EQ(decoded.messages[3], std::vector{uuid + longest});
    }
}

TEST_F(X264EncoderTest, CanBeOpenedAgainWithAnotherSize) {
    ASSERT_TRUE(open());
    give(0);
    give(1);
    encoder->close();
    settings.width = 160;
    settings.height = 288;
    ASSERT_TRUE(open());
    give(2);
    give(3);
    const auto decoded = decodeVideo(packets);
    EXPECT_EQ(decoded.errors, 0);
    ASSERT_EQ(decoded.frames.size(), 4U);
    EXPECT_EQ(decoded.frames[1].width(), 320);
    EXPECT_EQ(decoded.frames[2].width(), 160);
    EXPECT_EQ(decoded.frames[2].height(), 288);
    EXPECT_EQ(keys(), (std::vector{0, 2}));
}

TEST_F(X264EncoderTest, RefusesAFrameOfAnotherSizeAndGoesOn) {
    ASSERT_TRUE(open());
    const auto refused = encoder->encode(texture(320, 242, 0), false);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::VideoEncodeFailed);
    EXPECT_NE(refused.error().message.find("320x242"), std::string::npos);
    give(0);
    EXPECT_EQ(packets.size(), 2U);
}

TEST_F(X264EncoderTest, RefusesCallsBeforeOpenAndSillyBitrates) {
    EXPECT_FALSE(encoder->encode(texture(320, 240, 0), false));
    EXPECT_FALSE(encoder->setBitrate(500));
    encoder->close();
    ASSERT_TRUE(open());
    EXPECT_FALSE(encoder->setBitrate(0));
    give(0);
}

TEST_F(X264EncoderTest, CallsNobodyWhenItGoesAwayUnclosed) {
    settings.lowLatency = false;
    settings.fps = 30;
    ASSERT_TRUE(open());
    give(0);
    give(1);
    const auto before = packets.size();
    encoder.reset();
    EXPECT_EQ(packets.size(), before);
}

TEST_F(X264EncoderTest, ReportsABadSizeAsSuch) {
    settings.width = 321;
    const auto opened = open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Code::UnsupportedResolution);
    EXPECT_EQ(opened.error().message, "video size 321x240: both must be even and from 64 to 4096");
}

}  // namespace
}  // namespace livepusher::encode
