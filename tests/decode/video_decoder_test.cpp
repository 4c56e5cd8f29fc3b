// SPDX-License-Identifier: MIT
#include "decode/decoders.hpp"

#include <livepusher/message.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "decode.hpp"
#include "encode/encoders.hpp"
#include "encode/nal_units.hpp"
#include "encode/packet_list.hpp"
#include "media/capture_time.hpp"
#include "media/hevc_config.hpp"
#include "must.hpp"
#include "video_decoder_case.hpp"

extern "C" {
#include <libavutil/opt.h>
}

namespace livepusher::decode::test {
namespace {

bool samePixels(const VideoFrame& a, const VideoFrame& b) {
    if (a.width() != b.width() || a.height() != b.height()) return false;
    for (int i = 0; i < 3; ++i) {
        const int shift = i > 0 ? 1 : 0;
        for (int y = 0; y < a.height() >> shift; ++y)
            if (std::memcmp(a.plane(i) + y * a.stride(i), b.plane(i) + y * b.stride(i),
                            static_cast<std::size_t>(a.width() >> shift)) != 0)
                return false;
    }
    return true;
}

TEST_F(VideoDecoderTest, GivesEachPictureOnceInOrderAndToTheBit) {
    for (const auto codec : {VideoCodec::h264, VideoCodec::hevc, VideoCodec::av1}) {
        for (const bool lowLatency : {true, false}) {
            SCOPED_TRACE(std::string(encode::codecName(codec)) + (lowLatency ? " without" : " with") + " B-frames");
            told = {};
            pictures.clear();
            decoder = makeVideoDecoder(VideoDecoderType::software, told);
            const auto packets = codedStream(recipe(codec, lowLatency));
            const auto reference = livepusher::test::decodeVideo(packets);
            ASSERT_EQ(reference.errors, 0);
            ASSERT_EQ(reference.frames.size(), 50U);
            give(packets);
            finish();
            expectNothingWrong();
            ASSERT_EQ(pictures.size(), reference.frames.size());
            std::vector<Timestamp> times;
            for (const auto& packet : packets)
                if (packet.kind != Packet::Kind::Config) times.push_back(packet.pts);
            std::ranges::sort(times);
            for (std::size_t i = 0; i < pictures.size(); ++i) {
                EXPECT_TRUE(samePixels(pictures[i].frame, reference.frames[i])) << i;
                EXPECT_EQ(pictures[i].frame.pts, times[i]) << i;
            }
            EXPECT_TRUE(pictures[0].key);
            ASSERT_EQ(told.openings.size(), 1U);
            EXPECT_NE(told.openings[0].find(encode::codecName(codec)), std::string::npos);
            EXPECT_NE(told.openings[0].find("320x192"), std::string::npos);
            EXPECT_EQ(told.sizes, (std::vector<base::PictureSize>{{320, 192}}));
        }
    }
}

TEST_F(VideoDecoderTest, KeepsNoPictureThatCouldBeShown) {
    give(codedStream(recipe()));
    EXPECT_EQ(pictures.size(), 50U) << "without drain()";
    EXPECT_LE(mostWaiting, 1U);
    for (const auto codec : {VideoCodec::hevc, VideoCodec::av1}) {
        pictures.clear();
        decoder = makeVideoDecoder(VideoDecoderType::software, told);
        give(codedStream(recipe(codec)));
        EXPECT_GE(pictures.size(), 49U) << encode::codecName(codec);
    }
}

TEST_F(VideoDecoderTest, TheSameConfigAgainIsNothing) {
    const auto packets = codedStream(recipe());
    for (const auto& packet : packets) {
        ASSERT_TRUE(give(packets[0]));
        auto copy = packets[0];
        copy.data = std::make_shared<const Bytes>(*copy.data);
        ASSERT_TRUE(give(copy));
        ASSERT_TRUE(give(packet));
    }
    EXPECT_EQ(pictures.size(), 50U);
    EXPECT_EQ(told.openings.size(), 1U);
    expectNothingWrong();
}

TEST_F(VideoDecoderTest, AnotherConfigLetsAllPicturesOutFirst) {
    auto small = recipe(VideoCodec::h264, false);
    auto large = small;
    large.width = 480;
    large.height = 272;
    large.start = 2s;
    std::size_t before = 0;
    for (const auto& one : {small, large, recipe(VideoCodec::hevc, false), recipe(VideoCodec::av1), small}) {
        give(codedStream(one));
        EXPECT_GE(pictures.size(), before);
        before += 50;
        now += 1s;
    }
    finish();
    EXPECT_EQ(pictures.size(), 250U);
    EXPECT_EQ(told.openings.size(), 5U);
    EXPECT_EQ(told.sizes, (std::vector<base::PictureSize>{{320, 192}, {480, 272}, {320, 192}}));
    expectNothingWrong();
}

TEST_F(VideoDecoderTest, AConfigWithEachPacketOpensFiveDecodersASecond) {
    const auto one = codedStream(recipe());
    auto other = recipe();
    other.width = 480;
    const auto two = codedStream(other);
    for (int n = 0; n < 100; ++n) {
        ASSERT_TRUE(decoder->send(n % 2 == 0 ? one[0] : two[0], now + n * 10ms));
        ASSERT_TRUE(decoder->send(n % 2 == 0 ? one[1] : two[1], now + n * 10ms));
        collect();
    }
    EXPECT_LE(told.openings.size(), 6U);
    EXPECT_GE(told.openings.size(), 5U);
    now += 3s;
    pictures.clear();
    give({two.begin() + 1, two.end()});
    EXPECT_EQ(pictures.size(), 50U) << "the newest was opened when there was time";
    EXPECT_EQ(pictures.back().frame.width(), 480);
}

TEST_F(VideoDecoderTest, MessagesComeWithTheirPicture) {
    const auto encoder = encode::makeX264Encoder();
    encode::PacketList sink;
    ASSERT_TRUE(encoder->open({.width = 320, .height = 192, .fps = 25, .bitrate = 400, .lowLatency = false}, sink));
    for (int n = 0; n < 25; ++n) {
        auto frame = livepusher::test::texture(320, 192, n);
        frame.pts = n * 40ms;
        if (n % 3 == 1) encoder->addMessage("at " + std::to_string(n));
        if (n == 7) encoder->addMessage("你好");
        ASSERT_TRUE(encoder->encode(frame, n == 0));
    }
    encoder->close();
    give(sink.packets);
    finish();
    ASSERT_EQ(pictures.size(), 25U);
    for (int n = 0; n < 25; ++n) {
        const auto& found = pictures[static_cast<std::size_t>(n)].userData;
        ASSERT_EQ(found.size(), n == 7 ? 2U : n % 3 == 1 ? 1U : 0U) << n;
        if (n % 3 != 1) continue;
        EXPECT_TRUE(found[0].ours);
        EXPECT_EQ(std::string(found[0].bytes.begin(), found[0].bytes.end()), "at " + std::to_string(n));
    }
    EXPECT_EQ(std::string(pictures[7].userData[1].bytes.begin(), pictures[7].userData[1].bytes.end()), "你好");
}

TEST_F(VideoDecoderTest, UserDataOfOthersComesWithItsUuid) {
    for (const auto codec : {VideoCodec::h264, VideoCodec::hevc}) {
        pictures.clear();
        auto packets = codedStream(recipe(codec));
        auto unit = encode::messageUnit("theirs", codec);
        const auto uuid = std::ranges::search(unit, kMessageUuid);
        ASSERT_FALSE(uuid.empty());
        *uuid.begin() ^= 0xff;
        Bytes data;
        encode::appendUnit(data, unit);
        data.insert(data.end(), packets[3].data->begin(), packets[3].data->end());
        packets[3].data = std::make_shared<const Bytes>(data);
        give(packets);
        finish();
        ASSERT_EQ(pictures.size(), 50U);
        ASSERT_EQ(pictures[2].userData.size(), 1U);
        EXPECT_FALSE(pictures[2].userData[0].ours);
        ASSERT_EQ(pictures[2].userData[0].bytes.size(), 16U + 6U);
        EXPECT_EQ(pictures[2].userData[0].bytes[0], kMessageUuid[0] ^ 0xff);
        EXPECT_EQ(std::string(pictures[2].userData[0].bytes.begin() + 16, pictures[2].userData[0].bytes.end()), "theirs");
    }
}

TEST_F(VideoDecoderTest, ACaptureTimeComesWithItsPictureAndIsNoMessage) {
    for (const auto codec : {VideoCodec::h264, VideoCodec::hevc}) {
        pictures.clear();
        auto packets = codedStream(recipe(codec));
        const base::UtcTime origin(1'796'083'200'123'456us);
        for (auto& packet : packets) base::addCaptureTime(packet, codec, origin + packet.pts);
        give(packets);
        finish();
        expectNothingWrong();
        ASSERT_EQ(pictures.size(), 50U);
        for (const auto& picture : pictures) {
            ASSERT_EQ(picture.userData.size(), picture.key ? 1U : 0U);
            if (!picture.key) continue;
            EXPECT_FALSE(picture.userData[0].ours);
            EXPECT_TRUE(base::isCaptureTime(picture.userData[0].bytes));
            EXPECT_EQ(base::captureTime(picture.userData[0].bytes), origin + picture.frame.pts);
        }
    }
}

TEST_F(VideoDecoderTest, BeginsWithAKeyFrame) {
    auto packets = codedStream(recipe());
    packets.erase(packets.begin() + 1, packets.begin() + 6);
    give(packets);
    EXPECT_EQ(pictures.size(), 25U);
    EXPECT_EQ(pictures.at(0).frame.pts, 1s);
    expectNothingWrong();
}

TEST_F(VideoDecoderTest, AfterAFlushNothingOfBeforeComesOut) {
    const auto packets = codedStream(recipe(VideoCodec::h264, false));
    give({packets.begin(), packets.begin() + 12});
    const auto before = pictures.size();
    decoder->flush();
    EXPECT_EQ(decoder->waiting(), 0U);
    give({packets.begin() + 12, packets.end()});
    finish();
    for (auto i = before; i < pictures.size(); ++i) EXPECT_GE(pictures[i].frame.pts, 920ms);
    ASSERT_GT(pictures.size(), before);
    EXPECT_TRUE(pictures[before].key);
}

TEST_F(VideoDecoderTest, LeavesOutWhatItIsToldTo) {
    auto with = recipe(VideoCodec::h264, false);
    with.gop = 0.4;
    const auto packets = codedStream(with);
    const auto whole = livepusher::test::decodeVideo(packets);
    decoder->setSkip(VideoDecoder::Skip::NonReference);
    give(packets);
    finish();
    EXPECT_LT(pictures.size(), 45U);
    EXPECT_GT(pictures.size(), 10U);
    for (const auto& picture : pictures) {
        const auto number = static_cast<std::size_t>((picture.frame.pts + 1ms) / 40ms);
        EXPECT_TRUE(samePixels(picture.frame, whole.frames.at(number))) << number;
    }
    expectNothingWrong();
    for (const auto codec : {VideoCodec::h264, VideoCodec::hevc, VideoCodec::av1}) {
        auto keys = recipe(codec);
        keys.gop = 0.4;
        pictures.clear();
        decoder = makeVideoDecoder(VideoDecoderType::software, told);
        const auto all = codedStream(keys);
        decoder->setSkip(VideoDecoder::Skip::NonKey);
        give({all.begin(), all.begin() + 26});
        decoder->setSkip(VideoDecoder::Skip::None);
        give({all.begin() + 26, all.end()});
        finish();
        ASSERT_EQ(pictures.size(), 3U + 20U) << encode::codecName(codec) << ": key frames 0 to 2, and all from the next on";
        for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(pictures[i].key);
        EXPECT_TRUE(pictures[3].key);
        expectNothingWrong();
    }
}

/// HEVC of ten bits, by libavcodec's encoder, and its pictures as they were.
std::vector<Packet> deepStream(int frames) {
    const AVCodec* codec = avcodec_find_encoder_by_name("libx265");
    if (!codec) return {};
    const auto context = capture::quietContext(codec);
    context->width = 320;
    context->height = 192;
    context->pix_fmt = AV_PIX_FMT_YUV420P10LE;
    context->time_base = {1, 25};
    context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    av_opt_set(context->priv_data, "preset", "ultrafast", 0);
    av_opt_set(context->priv_data, "tune", "zerolatency", 0);
    av_opt_set(context->priv_data, "x265-params", "log-level=none", 0);
    capture::must(avcodec_open2(context.get(), codec, nullptr), "x265");
    const auto units =
        encode::readNalUnits({context->extradata, static_cast<std::size_t>(context->extradata_size)}, VideoCodec::hevc);
    std::vector<Packet> out{Packet::config(Packet::Track::Video, base::hevcConfig(units.vps, units.sps, units.pps),
                                           {.width = 320, .height = 192, .videoCodec = VideoCodec::hevc})};
    const capture::PacketPtr packet(av_packet_alloc());
    for (int n = 0; n < frames; ++n) {
        const capture::FramePtr frame(av_frame_alloc());
        frame->format = context->pix_fmt;
        frame->width = 320;
        frame->height = 192;
        frame->pts = n;
        capture::must(av_frame_get_buffer(frame.get(), 0), "frame");
        for (int i = 0; i < 3; ++i)
            for (int y = 0; y < (i > 0 ? 96 : 192); ++y)
                for (int x = 0; x < (i > 0 ? 160 : 320); ++x)
                    reinterpret_cast<std::uint16_t*>(frame->data[i] + y * frame->linesize[i])[x] =
                        static_cast<std::uint16_t>(i > 0 ? 512 : 256 + 2 * x);
        capture::must(avcodec_send_frame(context.get(), frame.get()), "encode");
        while (avcodec_receive_packet(context.get(), packet.get()) >= 0) {
            Bytes data;
            for (const auto slice :
                 encode::readNalUnits({packet->data, static_cast<std::size_t>(packet->size)}, VideoCodec::hevc).slices)
                encode::appendUnit(data, slice);
            out.push_back(Packet::coded(Packet::Track::Video, out.size() == 1 ? Packet::Kind::Key : Packet::Kind::Delta,
                                        packet->pts * 40ms, packet->dts * 40ms, std::move(data)));
            av_packet_unref(packet.get());
        }
    }
    return out;
}

TEST_F(VideoDecoderTest, DeepPicturesComeOutWithEightBits) {
    const auto packets = deepStream(5);
    if (packets.empty()) GTEST_SKIP() << "this libavcodec has no libx265";
    give(packets);
    finish();
    ASSERT_EQ(pictures.size(), 5U);
    const auto& frame = pictures[2].frame;
    for (int x = 8; x < 312; x += 16) EXPECT_NEAR(frame.plane(0)[50 * frame.stride(0) + x], 64 + x / 2, 3) << x;
    EXPECT_NEAR(frame.plane(1)[20 * frame.stride(1) + 20], 128, 2);
}

}  // namespace
}  // namespace livepusher::decode::test
