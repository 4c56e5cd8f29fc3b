// SPDX-License-Identifier: MIT
#include "encode/aac_gain.hpp"

#include "audio_encoder_case.hpp"
#include "decode.hpp"
#include "encode/aac_tables.hpp"
#include "encode/encoders.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace livepusher::encode {
namespace {

using livepusher::test::decodeAudio;

struct AacGainTest : test::AudioEncoderCase {
    AacGainTest() : AudioEncoderCase(makeAacEncoder()) {}

    /// Packets with long and short windows, noise, intensity and much else.
    void encodeEverything() {
        const auto opened = open();
        ASSERT_TRUE(opened) << opened.error().message;
        test::Noise noise(3);
        give(60, [&](std::size_t i, std::size_t channel) {
            const float click = i % 7000 < 20 ? 0.5F : 0.0F, hiss = 0.05F * noise.next();
            return click + hiss + 0.2F * test::tone(i, channel == 0 ? 700 : 450, settings.sampleRate);
        });
        encoder->close();
    }
};

TEST_F(AacGainTest, MakesEveryPacketLouderByExactlyItsSteps) {
    for (const auto& [rate, channels, bitrate] :
         {std::tuple{48000, 2, 96}, {48000, 1, 64}, {16000, 1, 32}, {32000, 2, 320}, {48000, 2, 40}}) {
        SCOPED_TRACE(testing::Message() << rate << " Hz, " << channels << " ch, " << bitrate << " kbps");
        settings = {rate, channels, bitrate};
        forget();
        encodeEverything();
        const auto before = decodeAudio(packets);
        for (auto& packet : packets) {
            if (packet.kind == Packet::Kind::Config) continue;
            auto louder = *packet.data;
            const auto raised = raiseAacGain(louder, rate, 4);
            ASSERT_TRUE(raised) << raised.error().message;
            packet.data = std::make_shared<const std::vector<std::uint8_t>>(std::move(louder));
        }
        const auto after = decodeAudio(packets);
        EXPECT_EQ(after.errors, 0);
        ASSERT_EQ(after.channels.size(), before.channels.size());
        for (std::size_t c = 0; c < after.channels.size(); ++c) {
            ASSERT_EQ(after.channels[c].size(), before.channels[c].size());
            for (std::size_t i = 0; i < after.channels[c].size(); ++i)
                ASSERT_NEAR(after.channels[c][i], 2 * before.channels[c][i], 1e-4) << "channel " << c << ", sample " << i;
        }
    }
}

TEST_F(AacGainTest, RefusesWhatIsNoPacketAndSaysWhere) {
    settings = {48000, 2, 96};
    encodeEverything();
    auto whole = *packets.at(10).data;
    auto louder = whole;
    const auto tooLoud = raiseAacGain(louder, 48000, 255);
    ASSERT_FALSE(tooLoud);
    EXPECT_EQ(tooLoud.error().code, Code::AudioEncodeFailed);
    EXPECT_NE(tooLoud.error().message.find("its gain is the highest already"), std::string::npos) << tooLoud.error().message;
    auto half = whole;
    half.resize(half.size() / 2);
    EXPECT_FALSE(raiseAacGain(half, 48000, 4));
    auto longer = whole;
    longer.push_back(0);
    EXPECT_FALSE(raiseAacGain(longer, 48000, 4));
    std::vector<std::uint8_t> nothing;
    EXPECT_FALSE(raiseAacGain(nothing, 48000, 4));
    auto unknownRate = whole;
    EXPECT_FALSE(raiseAacGain(unknownRate, 96000, 4));
}

TEST_F(AacGainTest, StaysInsideWhateverItIsGiven) {
    test::Noise noise(11);
    for (int i = 0; i < 20'000; ++i) {
        std::vector<std::uint8_t> packet(static_cast<std::size_t>(i) % 300);
        for (auto& byte : packet) byte = static_cast<std::uint8_t>(static_cast<int>(128 * (noise.next() + 1)));
        const auto size = packet.size();
        const auto raised = raiseAacGain(packet, i % 2 ? 48000 : 16000, 4);
        EXPECT_TRUE(raised || !raised.error().message.empty());
        EXPECT_EQ(packet.size(), size);
    }
}

TEST(AacTables, CoverAllStringsOfBitsAndAllCoefficients) {
    const auto covers = [](const AacBook& book) {
        double share = 0;
        for (const auto& word : book) share += std::exp2(-word.length);
        return share;
    };
    for (int number = 1; number <= 11; ++number) EXPECT_EQ(covers(aacSpectrumBook(number)), 1) << number;
    EXPECT_EQ(covers(aacScaleFactorBook()), 1);
    EXPECT_EQ(aacScaleFactorBook().size(), 121U);
    for (const int rate : {48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000}) {
        const auto sum = [&](bool brief) {
            const auto bands = aacBands(rate, brief);
            return std::accumulate(bands.begin(), bands.end(), 0);
        };
        EXPECT_EQ(sum(false), 1024) << rate;
        EXPECT_EQ(sum(true), 128) << rate;
    }
    EXPECT_TRUE(aacBands(96000, false).empty());
}

}  // namespace
}  // namespace livepusher::encode
