// SPDX-License-Identifier: MIT
#include "decode.hpp"
#include "encode/encoders.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace livepusher::encode {
namespace {

using namespace std::chrono_literals;
using test::decodeAudio;

struct AacEncoderTest : testing::Test {
    AudioEncoderSettings settings;
    std::unique_ptr<AudioEncoder> encoder = makeAacEncoder();
    std::vector<Packet> packets;
    std::vector<float> given;  ///< the first channel
    static constexpr Timestamp kStart = 2s;

    Result<std::string> open() {
        return encoder->open(settings, [this](Packet packet) { packets.push_back(std::move(packet)); });
    }
    Timestamp timeOf(std::size_t sample) const {
        return kStart + Timestamp(static_cast<std::int64_t>(sample) * 1'000'000 / settings.sampleRate);
    }
    /// `sound(sample, channel)`, block after block.
    template <typename Sound>
    void give(int blocks, Sound sound) {
        const auto size = encoder->frameSize();
        const auto channels = static_cast<std::size_t>(settings.channels);
        std::vector<float> block(size * channels);
        for (int b = 0; b < blocks; ++b) {
            const auto first = given.size();
            for (std::size_t i = 0; i < size; ++i) {
                for (std::size_t c = 0; c < channels; ++c) block[i * channels + c] = sound(first + i, c);
                given.push_back(block[i * channels]);
            }
            const auto result = encoder->encode(block.data(), timeOf(first));
            ASSERT_TRUE(result) << result.error().message;
        }
    }
};

float tone(std::size_t sample, double hz, int rate) {
    return static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * hz * static_cast<double>(sample) / rate));
}

/// How much of `samples` is a tone of that frequency: 1 is all.
double share(const std::vector<float>& samples, double hz, int rate) {
    double re = 0, im = 0, power = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const double phase = 2 * std::numbers::pi * hz * static_cast<double>(i) / rate;
        re += samples[i] * std::cos(phase);
        im += samples[i] * std::sin(phase);
        power += samples[i] * static_cast<double>(samples[i]);
    }
    return 2 * (re * re + im * im) / (static_cast<double>(samples.size()) * power);
}

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
        packets.clear();
        given.clear();
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
        packets.clear();
        given.clear();
        ASSERT_TRUE(open());
        // Noise that repeats nowhere: its correlation has one peak.
        std::uint32_t state = 1;
        give(40, [&, last = 0.0F](std::size_t, std::size_t channel) mutable {
            if (channel == 0) {
                state = state * 1664525U + 1013904223U;
                last = 0.8F * last + 0.1F * (static_cast<float>(state >> 8) / 8388608.0F - 1.0F);
            }
            return last;
        });
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
    std::uint32_t state = 7;
    give(200, [&](std::size_t i, std::size_t) {
        state = state * 1664525U + 1013904223U;
        return tone(i, 700, 48000) * 0.6F + (static_cast<float>(state >> 8) / 8388608.0F - 1.0F) * 0.2F;
    });
    std::size_t bytes = 0;
    for (std::size_t i = 1; i < packets.size(); ++i) bytes += packets[i].data->size();
    const double kbps = static_cast<double>(bytes) * 8 / 1000 / (static_cast<double>(packets.size() - 1) * 1024 / 48000);
    EXPECT_GT(kbps, 96);
    EXPECT_LT(kbps, 141);
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
