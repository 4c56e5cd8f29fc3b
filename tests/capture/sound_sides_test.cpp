// SPDX-License-Identifier: MIT
#include "capture/sound/heard_sides.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

namespace livepusher::capture {
namespace {

constexpr int kRate = 48000;
constexpr std::size_t kBlock = 480;

/// Blocks of 10 ms of a tone on each side, and what is heard of them.
class Sides {
public:
    explicit Sides(int channels = 2) : channels_(static_cast<std::size_t>(channels)), sides_({kRate, channels}) {}

    void play(double seconds, double left, double right, MicChannels wanted = MicChannels::automatic) {
        for (auto blocks = static_cast<int>(seconds * 100); blocks > 0; --blocks) {
            std::vector<float> stereo;
            for (std::size_t i = 0; i < kBlock; ++i, ++at_) {
                const double phase = 2 * std::numbers::pi * 440 * static_cast<double>(at_) / kRate;
                stereo.push_back(static_cast<float>(left * std::sin(phase)));
                stereo.push_back(static_cast<float>(right * std::cos(phase)));
            }
            sides_.process(stereo.data(), kBlock, wanted, heard_);
        }
    }
    HeardSides::Dead dead() const { return sides_.dead(); }
    std::size_t frames() const { return heard_.size() / channels_; }
    /// The peak of one side in the last 50 ms.
    double level(std::size_t side) const {
        double peak = 0;
        for (std::size_t i = frames() - kRate / 20; i < frames(); ++i)
            peak = std::max(peak, std::abs(double{heard_[i * channels_ + side]}));
        return peak;
    }
    /// The greatest step from sample to sample.
    double step() const {
        double most = 0;
        for (std::size_t i = channels_; i < heard_.size(); ++i)
            most = std::max(most, std::abs(double{heard_[i]} - heard_[i - channels_]));
        return most;
    }
    void reset() { sides_.reset(); }

private:
    const std::size_t channels_;
    HeardSides sides_;
    std::vector<float> heard_;
    std::size_t at_ = 0;
};

TEST(SoundSides, ADeadSideIsFoundWithinThreeSecondsAndTheOtherOneHeardOnBoth) {
    for (const bool right : {true, false})
        for (const double noise : {0.0, 0.0005}) {
            Sides sides;
            const auto play = [&](double seconds) { sides.play(seconds, right ? 0.5 : noise, right ? noise : 0.5); };
            play(1);
            EXPECT_EQ(sides.dead(), HeardSides::Dead::None);
            EXPECT_LT(sides.level(right ? 1 : 0), 0.01);
            play(2);
            EXPECT_EQ(sides.dead(), right ? HeardSides::Dead::Right : HeardSides::Dead::Left);
            EXPECT_NEAR(sides.level(0), 0.5, 0.005);
            EXPECT_NEAR(sides.level(1), 0.5, 0.005);
        }
}

TEST(SoundSides, ASideThatComesAliveIsHeardAtOnceAndNothingClicks) {
    Sides sides;
    sides.play(3, 0.5, 0);
    sides.play(0.3, 0.5, 0.25);
    EXPECT_EQ(sides.dead(), HeardSides::Dead::None);
    EXPECT_NEAR(sides.level(1), 0.25, 0.005);
    sides.play(3, 0.5, 0);
    EXPECT_EQ(sides.dead(), HeardSides::Dead::Right);
    // A tone of 440 Hz goes by 0.029 from sample to sample; the right one's own entry by its amplitude.
    EXPECT_LT(sides.step(), 0.26);
    Sides faded;
    for (const auto wanted : {MicChannels::stereo, MicChannels::left, MicChannels::right, MicChannels::mono, MicChannels::left})
        for (const double part : {0.02, 0.2}) faded.play(part, 0.5, 0.5, wanted);
    EXPECT_LT(faded.step(), 0.032);
}

TEST(SoundSides, ThePausesOfAVoiceAndAQuietSideAreNoDeath) {
    Sides sides;
    for (int i = 0; i < 10; ++i) {
        sides.play(0.5, 0.3, 0.05);  // 15 dB less
        sides.play(0.5, 0.0003, 0.00001);
    }
    EXPECT_EQ(sides.dead(), HeardSides::Dead::None);
    Sides silent;
    silent.play(10, 0, 0);
    EXPECT_EQ(silent.dead(), HeardSides::Dead::None);
    Sides words;  // only sound counts
    for (int i = 0; i < 8; ++i) {
        words.play(0.3, 0.3, 0);
        words.play(0.5, 0, 0);
    }
    EXPECT_EQ(words.dead(), HeardSides::Dead::Right);
    words.play(1, 0, 0.001);  // the hiss of an open input
    EXPECT_EQ(words.dead(), HeardSides::Dead::Right);
}

TEST(SoundSides, OneChannelKeepsTheLevel) {
    Sides both(1), dead(1);
    both.play(3, 0.5, 0.5);
    EXPECT_NEAR(both.level(0), 0.5 * std::numbers::sqrt2 / 2, 0.005) << "a sine and a cosine";
    dead.play(3, 0.5, 0);
    EXPECT_NEAR(dead.level(0), 0.5, 0.005);
}

TEST(SoundSides, WhatIsWishedIsHeard) {
    struct Case {
        MicChannels wanted;
        double left, right;
    };
    for (const auto& c : {Case{MicChannels::stereo, 0.5, 0.0}, Case{MicChannels::left, 0.5, 0.5},
                          Case{MicChannels::right, 0.0, 0.0}, Case{MicChannels::mono, 0.25, 0.25}}) {
        Sides sides;
        sides.play(3, 0.5, 0, c.wanted);
        EXPECT_NEAR(sides.level(0), c.left, 0.005);
        EXPECT_NEAR(sides.level(1), c.right, 0.005);
    }
}

}  // namespace
}  // namespace livepusher::capture
