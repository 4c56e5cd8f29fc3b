// SPDX-License-Identifier: MIT
#include "effects/effects.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "allocations.hpp"
#include "effects/audio/processor.hpp"
#include "measures.hpp"
#include "sounds.hpp"

namespace livepusher::effects {
namespace {

using test::Samples;

class SoundChainTest : public ::testing::Test {
protected:
    /// Sends a sound of one channel through, in pieces of `piece` frames.
    void run(std::span<const float> sound, std::size_t piece = 480) {
        for (std::size_t at = 0; at < sound.size(); at += piece) {
            const auto part = sound.subspan(at, std::min(piece, sound.size() - at));
            in.insert(in.end(), part.begin(), part.end());
            chain->apply(part, mix, properties, out);
        }
        ASSERT_EQ(out.size() + chain->delay(), in.size() + limiterDelay) << "nothing is lost, nothing doubled";
    }
    /// A piece of music that never ends.
    void playTone(double hz, float amplitude) {
        tone = {hz, amplitude};
        mix.music = &tone;
    }
    std::span<const float> last(double seconds) const {
        const auto count = static_cast<std::size_t>(seconds * 48000);
        return std::span(out).last(std::min(count, out.size()));
    }
    static float steepest(std::span<const float> sound) {
        float most = 0;
        for (std::size_t i = 1; i < sound.size(); ++i) most = std::max(most, std::abs(sound[i] - sound[i - 1]));
        return most;
    }

    struct Tone final : MusicInput {
        Tone() = default;
        Tone(double pitch, float loudness) : hz(pitch), amplitude(loudness) {}
        bool read(std::span<float> samples) override {
            for (auto& sample : samples)
                sample = amplitude * static_cast<float>(std::sin(2 * 3.14159265358979 * hz * at++ / 48000));
            return true;
        }
        double hz = 0;
        float amplitude = 0;
        int at = 0;
    };

    Tone tone;
    std::unique_ptr<AudioChain> chain = makeAudioChain({48000, 1});
    const std::size_t limiterDelay = chain->delay();
    Properties properties;
    AudioMix mix;
    Samples in, out;
};

}  // namespace

TEST_F(SoundChainTest, WithEverythingOffItIsWhatCameInToTheBit) {
    std::mt19937 random(5);
    const auto sound = test::noise(48000, 3, -20);
    for (std::size_t at = 0; at < sound.size();) {
        const auto count = std::min<std::size_t>(1 + random() % 2000, sound.size() - at);
        run(std::span(sound).subspan(at, count), count);
        at += count;
    }
    ASSERT_GT(out.size(), sound.size() - 500);
    EXPECT_TRUE(std::equal(out.begin() + static_cast<std::ptrdiff_t>(limiterDelay), out.end(), sound.begin()));
}

TEST_F(SoundChainTest, WhatIsSwitchedOnAndOffAgainLeavesTheSoundWhereItWasToTheBit) {
    const auto sound = test::speech(48000, 12);
    std::size_t at = 0;
    const auto second = [&] {
        run(std::span(sound).subspan(at, 48000), 480);
        at += 48000;
    };
    second();
    properties.enableAns = properties.enableAgc = true;
    second();
    properties.voiceChangerType = 1;
    second();
    EXPECT_GT(chain->delay(), limiterDelay + 960);
    properties.audioReverbType = 3;
    second();
    properties.voiceChangerType = 7;
    second();
    properties = {};
    second();
    second();
    second();
    EXPECT_EQ(chain->delay(), limiterDelay);
    EXPECT_TRUE(std::equal(out.end() - 48000, out.end(), in.end() - 48000 - static_cast<std::ptrdiff_t>(limiterDelay)));
}

TEST_F(SoundChainTest, TimesStayWithTheSoundInEverySetting) {
    for (const int voice : {0, 3, 9}) {
        for (const bool clean : {false, true}) {
            SCOPED_TRACE("voice " + std::to_string(voice) + (clean ? ", cleaned" : ""));
            chain = makeAudioChain({48000, 1});
            in.clear();
            out.clear();
            properties = {};
            properties.voiceChangerType = voice;
            properties.enableAns = clean;
            const auto sound = test::bursts(48000, 6);
            run(sound);
            // What comes out next belongs to the moment delay() ago; the limiter's look-ahead is in that.
            const auto lag = test::lagOfLoudness(std::span(sound).subspan(48000, 4 * 48000),
                                                 std::span(out).subspan(48000, 4 * 48000), 4800, 48000);
            const double off = (lag - static_cast<double>(limiterDelay)) / 48;
            std::printf("    sound lies %+.1f ms beside its time\n", off);
            EXPECT_LT(std::abs(off), 20);
        }
    }
}

TEST_F(SoundChainTest, NoSwitchOfEffectsClicks) {
    // Low tones: what they step by themselves is little. Reverbs and the plain voices add no edges of their own.
    std::mt19937 random(9);
    constexpr std::array kVoices{0, 1, 3};
    const auto sound = test::tone(48000, 60, 110, -12);
    for (std::size_t at = 0; at < sound.size(); at += 4800) {
        switch (random() % 4) {
            case 0: properties.audioReverbType = static_cast<int>(random() % 6); break;
            case 1: properties.voiceChangerType = kVoices[random() % 3]; break;
            case 2: properties.enableAns = random() % 2 == 0; break;
            default: break;
        }
        run(std::span(sound).subspan(at, 4800), 480);
    }
    const float own = steepest(sound);
    std::printf("    the tone steps by %.4f, the chain by at most %.4f\n", static_cast<double>(own),
                static_cast<double>(steepest(out)));
    EXPECT_LT(steepest(out), own * 6) << "up to 5 semitones higher, echoes on top";
}

TEST_F(SoundChainTest, MusicIsMixedAtTheSquareOfItsVolume) {
    playTone(1000, 0.5F);
    mix.musicVolume = 0.5;
    run(Samples(48000 * 2, 0.0F));
    EXPECT_NEAR(test::rmsDbfs(last(1)), 20 * std::log10(0.5 * 0.25 / std::sqrt(2)), 0.05);
}

TEST_F(SoundChainTest, AVolumeGlides) {
    playTone(1000, 0.5F);
    run(Samples(48000, 0.0F));
    mix.musicVolume = 0.1;
    const auto before = out.size();
    run(Samples(48000, 0.0F));
    const auto envelope = [&](double ms) {
        return test::peak(std::span(out).subspan(before + limiterDelay + static_cast<std::size_t>(ms * 48), 96));
    };
    EXPECT_NEAR(envelope(0), 0.5, 0.03);
    EXPECT_NEAR(envelope(24), 0.5 * 0.505, 0.03);
    EXPECT_NEAR(envelope(60), 0.005, 0.001);
    EXPECT_LT(steepest(std::span(out).subspan(before)), 0.5F * 0.1315F);
}

TEST_F(SoundChainTest, AMutedMicrophoneIsDigitalSilenceWithin20MillisecondsAndMusicGoesOn) {
    const auto voice = test::tone(48000, 1, 200, -6);
    run(voice);
    mix.microphoneOn = false;
    run(voice);
    EXPECT_EQ(test::peak(last(0.98)), 0.0);
    EXPECT_LT(steepest(out), 0.02F);
    EXPECT_EQ(chain->microphoneLevel(), 0);
    playTone(1000, 0.5F);
    run(voice);
    EXPECT_NEAR(test::peak(last(0.5)), 0.5, 0.01);
}

TEST_F(SoundChainTest, NoMixPassesTheCeiling) {
    playTone(997, 1.0F);
    properties.audioReverbType = 3;
    properties.enableAgc = true;
    const auto voice = test::speech(48000, 5, -3);
    run(voice);
    EXPECT_LE(test::peak(out), 0.9701);
    EXPECT_GT(test::peak(out), 0.9);
}

TEST_F(SoundChainTest, MusicStepsBackWhileSomeoneSpeaksAndComesBack) {
    playTone(1000, 0.5F);
    properties.bgmDucking = true;
    const auto musicNow = [&] {  // the strongest tone's amplitude, without the voice's
        const auto part = last(0.2);
        double c = 0, s = 0;
        for (std::size_t i = 0; i < part.size(); ++i) {
            const double turn = 2 * 3.14159265358979 * 1000 * static_cast<double>(i) / 48000;
            c += static_cast<double>(part[i]) * std::cos(turn);
            s += static_cast<double>(part[i]) * std::sin(turn);
        }
        return 2 * std::hypot(c, s) / static_cast<double>(part.size());
    };
    run(Samples(48000, 0.0F));
    EXPECT_NEAR(musicNow(), 0.5, 0.01);
    run(test::tone(48000, 1, 200, -20));
    EXPECT_NEAR(musicNow(), 0.125, 0.01);
    run(Samples(48000 * 2, 0.0F));
    EXPECT_NEAR(musicNow(), 0.5, 0.01);
}

TEST_F(SoundChainTest, TheLevelIs60DecibelsFrom0To100) {
    for (const auto& [dbfs, level] : {std::pair{-60.0, 0}, {-30.0, 50}, {-12.0, 80}}) {
        run(test::tone(48000, 0.5, 400, dbfs));
        EXPECT_NEAR(chain->microphoneLevel(), level, 1) << dbfs;
    }
}

TEST_F(SoundChainTest, AllocatesNothingOnceItRuns) {
    playTone(1000, 0.2F);
    properties.enableAns = properties.enableAgc = properties.bgmDucking = true;
    properties.voiceChangerType = 4;
    properties.audioReverbType = 1;
    const auto voice = test::speech(48000, 4);
    run(voice);
    Samples result;
    result.reserve(48000);
    const auto before = test::allocations();
    if (!before) GTEST_SKIP() << "a sanitizer counts them itself";
    for (std::size_t at = 0; at < 96000; at += 480) {
        result.clear();
        mix.musicVolume = at % 960 == 0 ? 0.3 : 0.7;
        chain->apply(std::span(voice).subspan(at, 480), mix, properties, result);
    }
    EXPECT_EQ(*test::allocations(), *before);
}

}  // namespace livepusher::effects
