// SPDX-License-Identifier: MIT
#include "decode/decoders.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <numbers>
#include <utility>
#include <vector>

#include "base/frame_time.hpp"
#include "coded_stream.hpp"
#include "decode.hpp"
#include "encode/encoders.hpp"
#include "encode/packet_list.hpp"
#include "must.hpp"
#include "told.hpp"

namespace livepusher::decode::test {
namespace {

using namespace std::chrono_literals;
using Bytes = std::vector<std::uint8_t>;

constexpr base::AudioFormat kStereo{48000, 2};

class AudioDecoderTest : public testing::Test {
protected:
    Told told;
    std::unique_ptr<AudioDecoder> decoder = makeAudioDecoder(kStereo, told);
    std::vector<Sound> blocks;
    std::vector<float> samples;
    Timestamp now{100s};

    void give(const std::vector<Packet>& packets) {
        for (const auto& packet : packets) {
            const auto result = decoder->send(packet, now);
            ASSERT_TRUE(result) << result.error().message;
            now += 20ms;
            collect();
        }
    }
    void finish() {
        decoder->drain();
        collect();
    }
    void collect() {
        while (auto sound = decoder->receive()) {
            samples.insert(samples.end(), sound->samples.begin(), sound->samples.end());
            blocks.push_back(std::move(*sound));
        }
    }
    /// Each block begins where the one before has ended, to a sample.
    void expectWithoutHole() const {
        for (std::size_t i = 1; i < blocks.size(); ++i) {
            const auto end = blocks[i - 1].pts + base::lengthOf(blocks[i - 1].samples.size() / 2, 48000);
            EXPECT_NEAR(static_cast<double>((blocks[i].pts - end).count()), 0, 25) << i;
        }
    }
};

std::vector<Packet> soundStream(AudioCodec codec) { return livepusher::test::codedStream({.audioCodec = codec, .video = false}); }

std::vector<Packet> aac(base::AudioFormat format, int blocks) {
    const auto encoder = encode::makeAacEncoder();
    encode::PacketList sink;
    if (!encoder->open({format, 64}, sink)) return {};
    std::vector<float> block(encoder->frameSize() * static_cast<std::size_t>(format.channels));
    for (int b = 0; b < blocks; ++b) {
        for (std::size_t i = 0; i < block.size(); ++i) {
            const double t = static_cast<double>(static_cast<std::size_t>(b) * encoder->frameSize() +
                                                 i / static_cast<std::size_t>(format.channels)) /
                             format.sampleRate;
            block[i] = static_cast<float>(0.25 * std::sin(2 * std::numbers::pi * 500 * t));
        }
        if (!encoder->encode(block.data(), base::lengthOf(static_cast<std::size_t>(b) * encoder->frameSize(), format.sampleRate)))
            return {};
    }
    encoder->close();
    return sink.packets;
}

TEST_F(AudioDecoderTest, GivesEachSampleToTheBit) {
    for (const auto codec : {AudioCodec::aac, AudioCodec::opus}) {
        told = {};
        blocks.clear();
        samples.clear();
        decoder = makeAudioDecoder(kStereo, told);
        const auto packets = soundStream(codec);
        const auto reference = livepusher::test::decodeAudio(packets);
        ASSERT_EQ(reference.channels.size(), 2U);
        give(packets);
        finish();
        ASSERT_EQ(samples.size(), 2 * reference.channels[0].size());
        std::size_t different = 0;
        for (std::size_t i = 0; i < samples.size(); ++i) different += samples[i] != reference.channels[i % 2][i / 2];
        EXPECT_EQ(different, 0U);
        ASSERT_EQ(blocks.size(), reference.times.size());
        // What Opus begins with is none of the sound, and is left out.
        EXPECT_EQ(blocks[0].pts, codec == AudioCodec::opus ? 0us : reference.times[0]);
        for (std::size_t i = 1; i < blocks.size(); ++i) EXPECT_EQ(blocks[i].pts, reference.times[i]);
        EXPECT_EQ(told.openings,
                  std::vector<std::string>{codec == AudioCodec::aac ? "AAC libavcodec aac" : "Opus libavcodec opus"});
        EXPECT_TRUE(told.damages.empty());
        EXPECT_EQ(blocks[0].coded, kStereo);
    }
}

TEST_F(AudioDecoderTest, OtherFormatsAreBroughtToTheWantedOne) {
    const base::AudioFormat mono{44100, 1};
    const auto packets = aac(mono, 86);  // 2 s
    ASSERT_FALSE(packets.empty());
    give(packets);
    finish();
    ASSERT_FALSE(blocks.empty());
    EXPECT_EQ(blocks[0].coded, mono);
    EXPECT_NEAR(static_cast<double>(samples.size()) / 2, 87 * 1024 * 48000.0 / 44100, 1100);
    expectWithoutHole();
    // The tone is where it was: its zeros come at full milliseconds.
    const auto& block = blocks[40];
    double wrong = 0;
    for (std::size_t i = 0; i < block.samples.size(); i += 2) {
        const double t = static_cast<double>(block.pts.count()) / 1e6 + static_cast<double>(i / 2) / 48000;
        wrong = std::max(wrong, std::abs(block.samples[i] - 0.25 * std::sin(2 * std::numbers::pi * 500 * t)));
        EXPECT_EQ(block.samples[i], block.samples[i + 1]);
    }
    EXPECT_LE(wrong, 0.03);
}

TEST_F(AudioDecoderTest, TheFormatMayChangeAndNothingIsLost) {
    for (const auto& format : {base::AudioFormat{48000, 2}, base::AudioFormat{44100, 1}, base::AudioFormat{16000, 1}}) {
        give(aac(format, 40));
        now += 1s;
    }
    const auto before = samples.size();
    give(soundStream(AudioCodec::opus));
    finish();
    EXPECT_EQ(told.openings.size(), 4U);
    EXPECT_GE(before / 2, static_cast<std::size_t>(1024 * 40 * (1 + 48.0 / 44.1 + 3)));
    EXPECT_TRUE(told.damages.empty());
}

TEST_F(AudioDecoderTest, G711IsDecodedByItsFlags) {
    for (const auto kind : {Packet::HeaderlessSound::ALaw, Packet::HeaderlessSound::MuLaw}) {
        blocks.clear();
        samples.clear();
        const bool a = kind == Packet::HeaderlessSound::ALaw;
        give({Packet::config(Packet::Track::Audio, {}, {.sampleRate = 8000, .channels = 1, .headerless = kind})});
        for (int n = 0; n < 50; ++n)  // the largest value there is, one way and the other, 100 Hz
            give({Packet::coded(Packet::Track::Audio, Packet::Kind::Key, n * 20ms, n * 20ms, [&] {
                Bytes bytes(160);
                for (std::size_t i = 0; i < bytes.size(); ++i)
                    bytes[i] = static_cast<std::uint8_t>((a ? 0x2a : 0x00) | (i / 40 % 2 == 0 ? 0x80 : 0));
                return bytes;
            }())});
        finish();
        EXPECT_EQ(blocks[0].coded, (base::AudioFormat{8000, 1}));
        EXPECT_NEAR(static_cast<double>(samples.size()) / 2, 48000, 100);
        expectWithoutHole();
        const auto at = [&](int ms) { return samples[static_cast<std::size_t>(ms) * 48 * 2]; };
        EXPECT_NEAR(at(502), 0.98, 0.1);
        EXPECT_NEAR(at(507), -0.98, 0.1);
    }
    EXPECT_TRUE(told.damages.empty());
}

TEST_F(AudioDecoderTest, DamageIsToldOnceAndTheRestIsHeard) {
    auto packets = soundStream(AudioCodec::aac);
    for (const std::size_t at : {10U, 11U, 12U}) packets[at].data = std::make_shared<const Bytes>(Bytes(90, 0xff));
    packets[20].data = nullptr;
    give(packets);
    finish();
    EXPECT_EQ(told.damages.size(), 1U);
    EXPECT_GE(blocks.size(), packets.size() - 6);
}

TEST_F(AudioDecoderTest, AHostileConfigIsRefusedInWords) {
    int refused = 0;
    for (int n = 0; n < 40; ++n) {
        auto config =
            Packet::config(Packet::Track::Audio, Bytes(static_cast<std::size_t>(n % 5), static_cast<std::uint8_t>(n * 41)),
                           {.audioCodec = n % 2 == 0 ? AudioCodec::aac : AudioCodec::opus});
        const auto result = decoder->send(config, now);
        now += 1s;
        if (!result) {
            ++refused;
            EXPECT_EQ(result.error().code, Code::SourceFailed);
            EXPECT_NE(result.error().message.find("libavcodec"), std::string::npos);
        }
        EXPECT_TRUE(decoder->send(Packet::coded(Packet::Track::Audio, Packet::Kind::Key, 0s, 0s, Bytes(50, 7)), now));
        collect();
    }
    EXPECT_GT(refused, 0);
    blocks.clear();
    give(soundStream(AudioCodec::aac));
    EXPECT_GT(blocks.size(), 50U);
}

TEST_F(AudioDecoderTest, AfterAFlushTheNextBlockHasItsOwnTime) {
    const auto packets = aac({44100, 1}, 60);
    give({packets.begin(), packets.begin() + 20});
    decoder->flush();
    blocks.clear();
    give({packets.begin() + 40, packets.end()});
    ASSERT_FALSE(blocks.empty());
    EXPECT_NEAR(static_cast<double>((blocks[0].pts - packets[40].pts).count()), 0, 100);
}

}  // namespace
}  // namespace livepusher::decode::test
