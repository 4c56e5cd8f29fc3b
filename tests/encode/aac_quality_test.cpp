// SPDX-License-Identifier: MIT
// What the sound is like that a player hears: sines of all levels at all bitrates, and what changes suddenly.
#include "audio_encoder_case.hpp"
#include "decode.hpp"
#include "encode/encoders.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <span>

namespace livepusher::encode {
namespace {

using livepusher::test::decodeAudio;

constexpr std::size_t kPriming = 1024;

double sine(std::size_t sample, double hz, int rate) {
    return std::sin(2 * std::numbers::pi * hz * static_cast<double>(sample) / rate);
}

struct Fit {
    double snr;    ///< dB, of the sine against all else
    double level;  ///< its amplitude
};

/// The sine of that frequency that comes nearest to the samples.
Fit fitSine(std::span<const float> samples, double hz, int rate) {
    double cc = 0, ss = 0, cs = 0, yc = 0, ys = 0, yy = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const double phase = 2 * std::numbers::pi * hz * static_cast<double>(i) / rate;
        const double c = std::cos(phase), s = std::sin(phase), y = samples[i];
        cc += c * c, ss += s * s, cs += c * s, yc += y * c, ys += y * s, yy += y * y;
    }
    const double d = cc * ss - cs * cs, a = (yc * ss - ys * cs) / d, b = (ys * cc - yc * cs) / d;
    const double power = a * yc + b * ys;
    return {10 * std::log10(power / std::max(yy - power, 1e-9)), std::hypot(a, b)};
}

struct AacQualityTest : test::AudioEncoderCase {
    AacQualityTest() : AudioEncoderCase(makeAacEncoder()) {}

    /// What comes out, without the priming.
    template <typename Sound>
    std::vector<std::vector<float>> through(int blocks, Sound sound) {
        forget();
        const auto opened = open();
        EXPECT_TRUE(opened) << opened.error().message;
        give(blocks, sound);
        encoder->close();
        auto decoded = decodeAudio(packets);
        EXPECT_EQ(decoded.errors, 0);
        for (auto& channel : decoded.channels) channel.erase(channel.begin(), channel.begin() + kPriming);
        return decoded.channels;
    }
    /// dB of the first channel against what was given, from one sample to another.
    double snr(const std::vector<float>& heard, std::size_t first, std::size_t last) const {
        double signal = 0, error = 0;
        for (std::size_t i = first; i < last; ++i) {
            const double x = given[i], e = x - heard[i];
            signal += x * x, error += e * e;
        }
        return 10 * std::log10(signal / std::max(error, 1e-9));
    }
};

TEST_F(AacQualityTest, KeepsSinesOfAllLevelsWhole) {
    struct {
        int rate, channels, bitrate;
    } const cases[] = {{48000, 2, 96},  {48000, 2, 128}, {48000, 2, 192}, {48000, 2, 256}, {48000, 2, 320},
                       {48000, 1, 96},  {48000, 1, 128}, {48000, 1, 192}, {48000, 1, 256}, {48000, 1, 288},
                       {44100, 2, 128}, {16000, 1, 32},  {16000, 1, 96},  {16000, 2, 96},  {16000, 2, 192}};
    for (const auto& c : cases) {
        for (const double hz : {50.0, 100.0, 440.0, 1000.0, 3000.0}) {
            for (const double level : {0.3, 0.95, 1.0}) {
                SCOPED_TRACE(testing::Message() << hz << " Hz of " << level << ", " << c.rate << " Hz, " << c.channels << " ch, "
                                                << c.bitrate << " kbps");
                settings = {c.rate, c.channels, c.bitrate};
                const auto heard =
                    through(16, [&](std::size_t i, std::size_t) { return static_cast<float>(level * sine(i, hz, c.rate)); });
                for (const auto& channel : heard) {
                    const auto fit = fitSine(std::span(channel).subspan(6 * 1024, 9 * 1024), hz, c.rate);
                    EXPECT_GE(fit.snr, 40);
                    EXPECT_NEAR(20 * std::log10(fit.level / level), 0, 0.1);
                }
            }
        }
    }
}

TEST_F(AacQualityTest, KeepsALoudToneOfItsOwnInEachChannel) {
    for (const int bitrate : {96, 128, 320}) {
        SCOPED_TRACE(bitrate);
        settings = {48000, 2, bitrate};
        const auto heard = through(40, [&](std::size_t i, std::size_t channel) {
            return static_cast<float>(0.9 * sine(i, channel == 0 ? 1000 : 1500, 48000));
        });
        for (std::size_t channel = 0; channel < 2; ++channel) {
            const auto fit = fitSine(std::span(heard[channel]).subspan(10 * 1024, 25 * 1024), channel == 0 ? 1000 : 1500, 48000);
            EXPECT_GE(fit.snr, 35);
            EXPECT_NEAR(20 * std::log10(fit.level / 0.9), 0, 0.1);
        }
    }
}

TEST_F(AacQualityTest, LetsALoudToneBeginAndEndWithNothingBesideIt) {
    for (const int bitrate : {96, 320}) {
        SCOPED_TRACE(bitrate);
        settings = {48000, 2, bitrate};
        constexpr std::size_t kBegin = 20'300, kEnd = 50'100;
        const auto heard = through(64, [&](std::size_t i, std::size_t) {
            return i < kBegin || i >= kEnd ? 0.0F : static_cast<float>(0.9 * sine(i, 1000, 48000));
        });
        const auto loudest = [&](std::size_t first, std::size_t last) {
            float most = 0;
            for (std::size_t i = first; i < last; ++i) most = std::max(most, std::abs(heard[0][i]));
            return most;
        };
        EXPECT_LT(loudest(0, kBegin - 2048), 0.001F);
        EXPECT_LT(loudest(kBegin - 1500, kBegin - 256), 0.02F);
        EXPECT_GT(snr(heard[0], kBegin, kEnd), 25);
        EXPECT_LT(loudest(kEnd + 2048, 64 * 1024), 0.001F);
    }
}

TEST_F(AacQualityTest, KeepsASweepOfFullLoudness) {
    settings = {48000, 2, 96};
    double phase = 0;
    const auto heard = through(120, [&](std::size_t i, std::size_t channel) {
        if (channel == 0) phase += 2 * std::numbers::pi * 50 * std::exp2(static_cast<double>(i) / 20'000) / 48000;
        return static_cast<float>(0.95 * std::sin(phase));
    });
    EXPECT_GT(snr(heard[0], 4096, 118 * 1024), 35);
}

TEST_F(AacQualityTest, KeepsNoiseClicksAndAnOverdrivenSquareDecodable) {
    for (const int rate : {48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000}) {
        SCOPED_TRACE(rate);
        settings = {rate, 2, rate >= 24000 ? 128 : 64};
        test::Noise noise(7);
        const auto heard = through(90, [&](std::size_t i, std::size_t channel) {
            if (i < 20'000) return 0.9F * noise.next();
            if (i < 40'000) return i % 5000 < 8 ? 1.0F : 0.0F;
            if (i < 60'000) return i / 100 % 2 != 0 ? 1.2F : -1.2F;
            return channel == 0 ? 0.3F * noise.next() + 0.6F * static_cast<float>(sine(i, 220, rate)) : 0.0F;
        });
        ASSERT_EQ(heard.size(), 2U);
        EXPECT_GT(snr(heard[0], 42'000, 58'000), 10);
    }
}

}  // namespace
}  // namespace livepusher::encode
