// SPDX-License-Identifier: MIT
#include "audio_encoder_case.hpp"
#include "decode.hpp"
#include "encode/encoders.hpp"

#include <gtest/gtest.h>

namespace livepusher::encode {
namespace {

using livepusher::test::decodeAudio;
using test::share;
using test::tone;

struct AacEncoderTest : test::AudioEncoderCase {
    AacEncoderTest() : AudioEncoderCase(makeAacEncoder()) {}
};

TEST_F(AacEncoderTest, TellsItsNameAndEmitsTheConfigBeforeOpenReturns) {
    const auto opened = open();
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(*opened, "AAC-LC FFmpeg");
    EXPECT_EQ(encoder->frameSize(), 1024U);
    ASSERT_EQ(packets.size(), 1U);
    EXPECT_EQ(packets[0].track, Packet::Track::Audio);
    EXPECT_EQ(packets[0].kind, Packet::Kind::Config);
    ASSERT_TRUE(packets[0].description);
    EXPECT_EQ(packets[0].description->sampleRate, 48000);
    EXPECT_EQ(packets[0].description->channels, 2);
    EXPECT_EQ(packets[0].description->bitrate, 96);
}

TEST_F(AacEncoderTest, DescribesRateAndChannelsInTheConfigsFirstBytes) {
    struct {
        int rate, channels;
        std::uint8_t first, second;  // ISO/IEC 14496-3 §1.6.2.1: 5 bits type 2, 4 bits rate, 4 bits channels
    } const cases[] = {{48000, 2, 0x11, 0x90}, {48000, 1, 0x11, 0x88}, {44100, 2, 0x12, 0x10}, {16000, 1, 0x14, 0x08}};
    for (const auto& c : cases) {
        settings.sampleRate = c.rate;
        settings.channels = c.channels;
        settings.bitrate = 32;
        packets.clear();
        ASSERT_TRUE(open());
        ASSERT_GE(packets.at(0).data->size(), 2U);
        EXPECT_EQ(packets[0].data->at(0), c.first) << c.rate;
        EXPECT_EQ(packets[0].data->at(1), c.second) << c.rate;
    }
}

TEST_F(AacEncoderTest, KeepsATonePureInEachChannelAtEveryRate) {
    struct {
        int rate, channels, bitrate;
    } const cases[] = {{48000, 2, 128}, {48000, 2, 96}, {48000, 1, 64}, {44100, 2, 128}, {16000, 1, 32}, {16000, 2, 48}};
    for (const auto& c : cases) {
        SCOPED_TRACE(std::to_string(c.rate) + " Hz, " + std::to_string(c.channels) + " ch, " + std::to_string(c.bitrate) +
                     " kbps");
        settings.sampleRate = c.rate;
        settings.channels = c.channels;
        settings.bitrate = c.bitrate;
        forget();
        ASSERT_TRUE(open());
        give(60, [&](std::size_t i, std::size_t channel) { return tone(i, channel == 0 ? 1000 : 1500, c.rate); });
        encoder->close();
        const auto decoded = decodeAudio(packets);
        EXPECT_EQ(decoded.errors, 0);
        ASSERT_EQ(decoded.channels.size(), static_cast<std::size_t>(c.channels));
        for (std::size_t channel = 0; channel < decoded.channels.size(); ++channel) {
            std::vector<float> middle(decoded.channels[channel].begin() + 8192, decoded.channels[channel].begin() + 40960);
            EXPECT_GT(share(middle, channel == 0 ? 1000 : 1500, c.rate), 0.99) << "channel " << channel;
        }
    }
}

TEST_F(AacEncoderTest, StampsPacketsSoThatSoundComesOutWhenItWentIn) {
    for (const int rate : {48000, 16000}) {
        settings.sampleRate = rate;
        settings.channels = rate == 48000 ? 2 : 1;
        settings.bitrate = rate == 48000 ? 128 : 48;
        forget();
        ASSERT_TRUE(open());
        give(40, test::SoftNoise());
        encoder->close();
        const auto decoded = decodeAudio(packets);
        ASSERT_FALSE(decoded.times.empty());
        // Where the decoded sound lies if a player begins it at the first packet's time.
        const auto shift = std::llround(static_cast<double>((decoded.times[0] - kStart).count()) * rate / 1e6);
        int best = 0;
        double highest = 0;
        for (int lag = -1500; lag <= 1500; ++lag) {
            double sum = 0;
            for (int i = 6000; i < 30000; ++i)
                sum += given[static_cast<std::size_t>(i)] *
                       static_cast<double>(decoded.channels[0][static_cast<std::size_t>(i - shift + lag)]);
            if (sum > highest) {
                highest = sum;
                best = lag;
            }
        }
        EXPECT_EQ(best, 0) << rate << " Hz";
        EXPECT_GT(highest, 0);
    }
}

TEST_F(AacEncoderTest, GivesEachPacketTheTimeOfItsOwnBlock) {
    ASSERT_TRUE(open());
    give(10, [](std::size_t i, std::size_t) { return tone(i, 440, 48000); });
    encoder->close();
    ASSERT_EQ(packets.size(), 12U);  // config, the priming, ten blocks
    EXPECT_EQ(packets[1].pts, kStart - Timestamp(21'333));
    for (std::size_t i = 0; i < 10; ++i) {
        EXPECT_EQ(packets[i + 2].pts, timeOf(i * 1024));
        EXPECT_EQ(packets[i + 2].dts, packets[i + 2].pts);
        EXPECT_EQ(packets[i + 2].kind, Packet::Kind::Key);
    }
}

TEST_F(AacEncoderTest, PassesAJumpInTimeOnToTheBlockThatMadeIt) {
    ASSERT_TRUE(open());
    std::vector<float> silence(2048);
    for (int i = 0; i < 6; ++i) ASSERT_TRUE(encoder->encode(silence.data(), Timestamp(i * 21'333 + (i >= 3 ? 500'000 : 0))));
    encoder->close();
    ASSERT_EQ(packets.size(), 8U);
    EXPECT_EQ(packets[4].pts, Timestamp(2 * 21'333));
    EXPECT_EQ(packets[5].pts, Timestamp(3 * 21'333 + 500'000));
}

TEST_F(AacEncoderTest, KeepsToItsBitrate) {
    settings.bitrate = 128;
    ASSERT_TRUE(open());
    give(200, [noise = test::Noise(7)](std::size_t i, std::size_t) mutable {
        return tone(i, 700, 48000) * 0.6F + noise.next() * 0.2F;
    });
    EXPECT_GT(bitrate(), 96);
    EXPECT_LT(bitrate(), 141);
}

TEST_F(AacEncoderTest, CanBeOpenedAgainWithAnotherRate) {
    ASSERT_TRUE(open());
    give(5, [](std::size_t, std::size_t) { return 0.0F; });
    settings.sampleRate = 16000;
    settings.channels = 1;
    settings.bitrate = 32;
    ASSERT_TRUE(open());  // closes the first, which drains
    give(5, [](std::size_t, std::size_t) { return 0.0F; });
    encoder->close();
    EXPECT_EQ(packets.size(), 14U);
    EXPECT_EQ(decodeAudio(packets).errors, 0);
}

TEST_F(AacEncoderTest, ClosesCleanlyWithNothingEncoded) {
    ASSERT_TRUE(open());
    encoder->close();
    encoder->close();
    EXPECT_EQ(packets.size(), 1U);
    EXPECT_EQ(encoder->frameSize(), 0U);
}

TEST_F(AacEncoderTest, CallsNobodyWhenItGoesAwayUnclosed) {
    ASSERT_TRUE(open());
    give(3, [](std::size_t, std::size_t) { return 0.0F; });
    const auto before = packets.size();
    encoder.reset();
    EXPECT_EQ(packets.size(), before);
}

TEST_F(AacEncoderTest, RefusesWhatAacCantDoWithItsReason) {
    struct {
        int rate, channels, bitrate;
        Code code;
        const char* told;
    } const cases[] = {
        {47000, 2, 96, Code::UnsupportedSampleRate, "47000 Hz"},
        {48000, 3, 96, Code::AudioEncodeFailed, "3 channels: must be 1 or 2"},
        {48000, 1, 400, Code::AudioEncodeFailed, "bitrate 400 kbps: must be 8..288"},
        {48000, 2, 4, Code::AudioEncodeFailed, "bitrate 4 kbps: must be 8..576"},
    };
    for (const auto& c : cases) {
        settings = {c.rate, c.channels, c.bitrate};
        const auto opened = open();
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().code, c.code);
        EXPECT_NE(opened.error().message.find(c.told), std::string::npos) << opened.error().message;
    }
    EXPECT_FALSE(encoder->encode(std::vector<float>(2048).data(), Timestamp{}));
}

}  // namespace
}  // namespace livepusher::encode
