// SPDX-License-Identifier: MIT
#include "audio_encoder_case.hpp"
#include "decode.hpp"
#include "encode/encoders.hpp"

#include <gtest/gtest.h>

#include <opus.h>

#include <algorithm>
#include <iostream>

namespace livepusher::encode {
namespace {

using livepusher::test::decodeAudio;
using test::share;
using test::tone;

constexpr int kDecoded = 48000;  // Hz, whatever went in
constexpr std::size_t kPreSkip = 312;

struct OpusEncoderTest : test::AudioEncoderCase {
    OpusEncoderTest() : AudioEncoderCase(makeOpusEncoder()) {}

    /// The first channel as libopus itself decodes it, which knows nothing of a pre-skip.
    std::vector<float> decodedByLibopus() const {
        int code = 0;
        const std::unique_ptr<OpusDecoder, void (*)(OpusDecoder*)> decoder(
            opus_decoder_create(kDecoded, settings.channels, &code), opus_decoder_destroy);
        std::vector<float> out;
        std::vector<float> block(5760 * static_cast<std::size_t>(settings.channels));
        for (const auto& packet : packets) {
            if (packet.kind == Packet::Kind::Config) continue;
            const int samples = opus_decode_float(decoder.get(), packet.data->data(),
                                                  static_cast<opus_int32>(packet.data->size()), block.data(), 5760, 0);
            EXPECT_EQ(samples, 960) << "20 ms";
            for (int i = 0; i < samples; ++i) out.push_back(block[static_cast<std::size_t>(i * settings.channels)]);
        }
        return out;
    }
};

std::vector<float> middle(const std::vector<float>& samples) { return {samples.begin() + 9600, samples.begin() + 48000}; }

TEST_F(OpusEncoderTest, TellsItsNameAndEmitsTheConfigBeforeOpenReturns) {
    const auto opened = open();
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(*opened, "Opus libopus");
    EXPECT_EQ(encoder->frameSize(), 960U);
    ASSERT_EQ(packets.size(), 1U);
    EXPECT_EQ(packets[0].track, Packet::Track::Audio);
    EXPECT_EQ(packets[0].kind, Packet::Kind::Config);
    ASSERT_TRUE(packets[0].description);
    EXPECT_EQ(packets[0].description->audioCodec, AudioCodec::opus);
    EXPECT_EQ(packets[0].description->sampleRate, 48000);
    EXPECT_EQ(packets[0].description->channels, 2);
    EXPECT_EQ(packets[0].description->bitrate, 96);
}

TEST_F(OpusEncoderTest, DescribesItselfByAnOpusHead) {
    using Bytes = std::vector<std::uint8_t>;
    const struct {
        int rate, channels;
        Bytes head;  // RFC 7845 §5.1: magic, version, channels, pre-skip, input rate, gain, mapping family
    } cases[] = {
        {48000, 2, {'O', 'p', 'u', 's', 'H', 'e', 'a', 'd', 1, 2, 0x38, 1, 0x80, 0xBB, 0, 0, 0, 0, 0}},
        {16000, 1, {'O', 'p', 'u', 's', 'H', 'e', 'a', 'd', 1, 1, 0x38, 1, 0x80, 0x3E, 0, 0, 0, 0, 0}},
    };
    for (const auto& c : cases) {
        settings = {c.rate, c.channels, 32};
        packets.clear();
        ASSERT_TRUE(open());
        EXPECT_EQ(*packets.at(0).data, c.head) << c.rate << " Hz";
        EXPECT_EQ(encoder->frameSize(), static_cast<std::size_t>(c.rate) / 50);
    }
}

TEST_F(OpusEncoderTest, KeepsATonePureInEachChannelAtEveryRate) {
    // At 16 kHz one channel is predicted from the other, so that a little of each tone gets into the other.
    const struct {
        AudioEncoderSettings settings;
        double least;
    } cases[] = {{{48000, 2, 128}, 0.99}, {{48000, 2, 96}, 0.99}, {{48000, 1, 64}, 0.99}, {{24000, 1, 48}, 0.99},
                 {{16000, 1, 32}, 0.99},  {{16000, 2, 48}, 0.85}, {{12000, 1, 32}, 0.99}, {{8000, 1, 24}, 0.99}};
    for (const auto& c : cases) {
        settings = c.settings;
        SCOPED_TRACE(std::to_string(settings.sampleRate) + " Hz, " + std::to_string(settings.channels) + " ch, " +
                     std::to_string(settings.bitrate) + " kbps");
        forget();
        ASSERT_TRUE(open());
        give(60, [&](std::size_t i, std::size_t channel) { return tone(i, channel == 0 ? 1000 : 1500, settings.sampleRate); });
        encoder->close();
        const auto decoded = decodeAudio(packets);
        EXPECT_EQ(decoded.errors, 0);
        EXPECT_EQ(decoded.sampleRate, kDecoded);
        ASSERT_EQ(decoded.channels.size(), static_cast<std::size_t>(settings.channels));
        for (std::size_t channel = 0; channel < decoded.channels.size(); ++channel)
            EXPECT_GT(share(middle(decoded.channels[channel]), channel == 0 ? 1000 : 1500, kDecoded), c.least)
                << "channel " << channel;
    }
}

TEST_F(OpusEncoderTest, StampsPacketsSoThatSoundComesOutWhenItWentIn) {
    for (const int rate : {48000, 16000}) {
        settings = {rate, rate == 48000 ? 2 : 1, rate == 48000 ? 128 : 48};
        forget();
        ASSERT_TRUE(open());
        give(50, test::SoftNoise());
        encoder->close();
        ASSERT_GT(packets.size(), 1U);
        const auto decoded = decodedByLibopus();
        const auto step = static_cast<std::size_t>(kDecoded / rate);
        // Where the decoded sound lies if a player begins it at the first packet's time.
        const auto shift = std::llround(static_cast<double>((packets[1].pts - kStart).count()) * kDecoded / 1e6);
        EXPECT_EQ(shift, -static_cast<long long>(kPreSkip)) << "who skips it begins at the first sample";
        int best = 0;
        double highest = 0;
        for (int lag = -1500; lag <= 1500; ++lag) {
            double sum = 0;
            for (std::size_t i = 2000; i < 14000; ++i)
                sum += given[i] *
                       static_cast<double>(decoded[static_cast<std::size_t>(static_cast<long long>(i * step) - shift + lag)]);
            if (sum > highest) {
                highest = sum;
                best = lag;
            }
        }
        EXPECT_LE(std::abs(best), rate == 48000 ? 0 : 6) << rate << " Hz, in samples at 48 kHz";
        EXPECT_GT(highest, 0);
        std::cout << rate << " Hz: " << best << " samples off at 48 kHz\n";
    }
}

TEST_F(OpusEncoderTest, StaysNearToWhatItWasGiven) {
    settings.bitrate = 128;
    ASSERT_TRUE(open());
    // A voice-like sound: harmonics of a tone that wavers, with a little breath.
    give(100, [noise = test::Noise(3)](std::size_t i, std::size_t channel) mutable {
        const double t = static_cast<double>(i) / 48000;
        const double phase = 2 * std::numbers::pi * (150 * t + 4 * std::sin(2 * t));
        double sum = 0;
        for (int h = 1; h <= 20; ++h) sum += std::sin(h * phase) / h;
        return static_cast<float>(0.2 * sum) * (channel == 0 ? 1.0F : 0.7F) + 0.002F * noise.next();
    });
    encoder->close();
    const auto decoded = decodedByLibopus();
    double signal = 0, noise = 0;
    for (std::size_t i = 9600; i < 90000; ++i) {
        const double wanted = given[i];
        const double off = decoded[i + kPreSkip] - wanted;
        signal += wanted * wanted;
        noise += off * off;
    }
    const double snr = 10 * std::log10(signal / noise);
    std::cout << "SNR " << snr << " dB at 128 kbps\n";
    EXPECT_GT(snr, 15);
}

TEST_F(OpusEncoderTest, GivesEachPacketTheTimeOfItsOwnBlockLessItsLookAhead) {
    ASSERT_TRUE(open());
    give(10, [](std::size_t i, std::size_t) { return tone(i, 440, 48000); });
    EXPECT_EQ(packets.size(), 11U) << "a block in is a packet out";
    encoder->close();
    ASSERT_EQ(packets.size(), 12U);  // config, ten blocks, the last samples
    for (std::size_t i = 0; i <= 10; ++i) {
        EXPECT_EQ(packets[i + 1].pts, timeOf(i * 960) - Timestamp(6'500));
        EXPECT_EQ(packets[i + 1].dts, packets[i + 1].pts);
        EXPECT_EQ(packets[i + 1].kind, Packet::Kind::Key);
    }
}

TEST_F(OpusEncoderTest, PassesAJumpInTimeOnToTheBlockThatMadeIt) {
    ASSERT_TRUE(open());
    const std::vector<float> silence(1920);
    for (int i = 0; i < 6; ++i) ASSERT_TRUE(encoder->encode(silence.data(), Timestamp(i * 20'000 + (i >= 3 ? 500'000 : 0))));
    encoder->close();
    ASSERT_EQ(packets.size(), 8U);
    EXPECT_EQ(packets[3].pts, Timestamp(2 * 20'000 - 6'500));
    EXPECT_EQ(packets[4].pts, Timestamp(3 * 20'000 + 500'000 - 6'500));
    EXPECT_EQ(packets[7].pts, Timestamp(6 * 20'000 + 500'000 - 6'500));
}

TEST_F(OpusEncoderTest, BringsTheLastSamplesOutAtItsEnd) {
    ASSERT_TRUE(open());
    const auto last = encoder->frameSize() * 5 - 100;  // within the look-ahead of the end
    give(5, [&](std::size_t i, std::size_t) { return i >= last ? tone(i, 2000, 48000) : 0.0F; });
    encoder->close();
    const auto decoded = decodedByLibopus();
    double energy = 0;
    for (std::size_t i = last + kPreSkip; i < last + kPreSkip + 100; ++i) energy += decoded[i] * static_cast<double>(decoded[i]);
    EXPECT_GT(energy, 0.5 * 100 * 0.125) << "half of what went in, at least";
}

TEST_F(OpusEncoderTest, KeepsToItsBitrate) {
    for (const int wanted : {32, 96, 192}) {
        settings.bitrate = wanted;
        forget();
        ASSERT_TRUE(open());
        give(300, [noise = test::Noise(7)](std::size_t i, std::size_t) mutable {
            return tone(i, 700, 48000) * 0.6F + noise.next() * 0.2F;
        });
        std::cout << bitrate() << " kbps of " << wanted << "\n";
        EXPECT_GT(bitrate(), wanted * 0.7);
        EXPECT_LT(bitrate(), wanted * 1.05);
        // Constrained: no packet far over the mean, which a link without slack would have to wait for.
        std::size_t largest = 0;
        for (std::size_t i = 1; i < packets.size(); ++i) largest = std::max(largest, packets[i].data->size());
        EXPECT_LT(static_cast<double>(largest) * 8 * 50 / 1000, wanted * 2.0);
    }
}

TEST_F(OpusEncoderTest, MakesSilenceOfSilence) {
    ASSERT_TRUE(open());
    give(50, [](std::size_t, std::size_t) { return 0.0F; });
    EXPECT_LT(bitrate(), 8);
    encoder->close();
    for (const float sample : decodedByLibopus()) ASSERT_LT(std::abs(sample), 1e-9F);
}

TEST_F(OpusEncoderTest, CanBeOpenedAgainWithAnotherRate) {
    ASSERT_TRUE(open());
    give(5, [](std::size_t, std::size_t) { return 0.0F; });
    settings = {16000, 1, 32};
    ASSERT_TRUE(open());  // closes the first, which drains
    give(5, [](std::size_t, std::size_t) { return 0.0F; });
    encoder->close();
    EXPECT_EQ(packets.size(), 14U);
    EXPECT_EQ(decodeAudio(packets).errors, 0);
}

TEST_F(OpusEncoderTest, ClosesCleanlyWithNothingEncoded) {
    ASSERT_TRUE(open());
    encoder->close();
    encoder->close();
    EXPECT_EQ(packets.size(), 1U);
    EXPECT_EQ(encoder->frameSize(), 0U);
}

TEST_F(OpusEncoderTest, CallsNobodyWhenItGoesAwayUnclosed) {
    ASSERT_TRUE(open());
    give(3, [](std::size_t, std::size_t) { return 0.0F; });
    const auto before = packets.size();
    encoder.reset();
    EXPECT_EQ(packets.size(), before);
}

TEST_F(OpusEncoderTest, RefusesWhatOpusCantDoWithItsReason) {
    const struct {
        AudioEncoderSettings settings;
        Code code;
        const char* told;
    } cases[] = {
        {{44100, 2, 96}, Code::UnsupportedSampleRate, "44100 Hz: must be 8000, 12000, 16000, 24000 or 48000"},
        {{48000, 3, 96}, Code::AudioEncodeFailed, "3 channels: must be 1 or 2"},
        {{48000, 1, 320}, Code::AudioEncodeFailed, "bitrate 320 kbps: must be 6..300"},
        {{48000, 2, 600}, Code::AudioEncodeFailed, "bitrate 600 kbps: must be 6..510"},
        {{48000, 2, 5}, Code::AudioEncodeFailed, "bitrate 5 kbps: must be 6..510"},
    };
    for (const auto& c : cases) {
        settings = c.settings;
        const auto opened = open();
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().code, c.code);
        EXPECT_NE(opened.error().message.find(c.told), std::string::npos) << opened.error().message;
    }
    EXPECT_FALSE(encoder->encode(std::vector<float>(1920).data(), Timestamp{}));
}

}  // namespace
}  // namespace livepusher::encode
