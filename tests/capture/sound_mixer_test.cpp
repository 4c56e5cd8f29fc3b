// SPDX-License-Identifier: MIT
#include "capture/sound/sound_mixer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace livepusher::capture {
namespace {

using namespace std::chrono_literals;

constexpr int kRate = 48000;
constexpr std::size_t kBlock = 480;

/// A device that gives a tone in blocks of 10 ms; `ppm`: how much faster its own clock goes.
class Tone {
public:
    Tone(double hertz, double level, double ppm = 0) : hertz_(hertz), level_(level), speed_(1 + ppm * 1e-6) {}

    const std::vector<float>& block() {
        samples_.resize(kBlock * 2);
        for (std::size_t i = 0; i < kBlock; ++i, ++done_) {
            const double second = static_cast<double>(done_) / (kRate * speed_);
            samples_[2 * i] = samples_[2 * i + 1] = static_cast<float>(level_ * std::sin(2 * std::numbers::pi * hertz_ * second));
        }
        return samples_;
    }
    /// When the next block begins, by the clock of the world.
    Timestamp next() const { return 1s + Timestamp(std::llround(static_cast<double>(done_) * 1e6 / (kRate * speed_))); }

private:
    const double hertz_, level_, speed_;
    std::int64_t done_ = 0;
    std::vector<float> samples_;
};

/// The level of one frequency in the left channel, and of all that is not it.
struct Levels {
    double tone = 0, rest = 0;
};
Levels measure(const std::vector<float>& samples, double hertz) {
    double re = 0, im = 0, power = 0;
    const auto count = samples.size() / 2;
    for (std::size_t i = 0; i < count; ++i) {
        const double phase = 2 * std::numbers::pi * hertz * static_cast<double>(i) / kRate;
        re += samples[2 * i] * std::cos(phase);
        im += samples[2 * i] * std::sin(phase);
        power += double{samples[2 * i]} * samples[2 * i];
    }
    const double tone = 2 * std::hypot(re, im) / static_cast<double>(count);
    return {tone, std::sqrt(std::max(0.0, 2 * power / static_cast<double>(count) - tone * tone))};
}

/// Takes all that is there; checks that the stamps have no gap.
void takeAll(SoundMixer& mixer, Timestamp at, std::vector<float>& out, std::optional<Timestamp>& next) {
    while (const auto block = mixer.take(at)) {
        ASSERT_EQ(block->samples.size(), kBlock * 2);
        if (next) {
            ASSERT_LE(std::abs((block->pts - *next).count()), 1) << "at " << block->pts.count();
        }
        next = block->pts + 10ms;
        out.insert(out.end(), block->samples.begin(), block->samples.end());
    }
}

TEST(SoundMixer, SumsTwoByTheirTimeStampsWithoutAGap) {
    SoundMixer mixer({kRate, 2});
    Tone first(1000, 0.25), second(3000, 0.5);
    std::vector<float> out;
    std::optional<Timestamp> next;
    for (int i = 0; i < 300; ++i) {
        mixer.add(0, first.block(), first.next() - 10ms, first.next());
        mixer.add(1, second.block(), second.next() - 10ms, second.next());
        takeAll(mixer, first.next(), out, next);
    }
    ASSERT_GT(out.size(), 290 * kBlock * 2);
    out.erase(out.begin(), out.begin() + kRate / 5 * 2);
    out.resize(kRate * 2 * 2);
    EXPECT_NEAR(measure(out, 1000).tone, 0.25, 0.002);
    EXPECT_NEAR(measure(out, 3000).tone, 0.5, 0.004);
}

TEST(SoundMixer, OneWhoseBlocksComeLaterIsWaitedForAndPutInItsPlace) {
    SoundMixer mixer({kRate, 2});
    std::vector<float> out;
    std::optional<Timestamp> next;
    // An edge at the same moment in both, one of which arrives 60 ms later.
    std::vector<float> quiet(kBlock * 2, 0.0F), loud(kBlock * 2, 0.25F);
    for (int i = 0; i < 100; ++i) {
        const Timestamp begin = 1s + i * 10ms;
        mixer.add(0, i < 50 ? quiet : loud, begin, begin + 10ms);
        if (i >= 6) mixer.add(1, i - 6 < 50 ? quiet : loud, begin - 60ms, begin + 10ms);
        takeAll(mixer, begin + 10ms, out, next);
    }
    const auto half = std::ranges::count_if(out, [](float sample) { return sample > 0.2F && sample < 0.3F; });
    const auto both = std::ranges::count_if(out, [](float sample) { return sample > 0.45F; });
    EXPECT_LT(half, 48 * 2);  // 1 ms of an edge that is not sharp
    EXPECT_GT(both, 400 * 48);
}

TEST(SoundMixer, OneThatGoesAwayIsMissedOnlyShortlyAndOneThatComesBackIsHeardAgain) {
    SoundMixer mixer({kRate, 2});
    Tone first(1000, 0.25), second(3000, 0.25);
    std::vector<float> out;
    std::optional<Timestamp> next;
    for (int i = 0; i < 600; ++i) {
        const auto at = first.next() + 10ms;
        mixer.add(0, first.block(), at - 10ms, at);
        const auto& more = second.block();
        if (i < 200 || i >= 400) mixer.add(1, more, at - 10ms, at);
        takeAll(mixer, at, out, next);
    }
    ASSERT_GT(out.size(), 590 * kBlock * 2);
    const auto part = [&](double from, double to) {
        return std::vector<float>(out.begin() + static_cast<std::ptrdiff_t>(from * kRate) * 2,
                                  out.begin() + static_cast<std::ptrdiff_t>(to * kRate) * 2);
    };
    EXPECT_NEAR(measure(part(0.5, 5.5), 1000).tone, 0.25, 0.002);
    EXPECT_NEAR(measure(part(0.5, 1.5), 3000).tone, 0.25, 0.002);
    EXPECT_LT(measure(part(2.5, 3.5), 3000).tone, 0.001);
    EXPECT_NEAR(measure(part(4.5, 5.5), 3000).tone, 0.25, 0.002);
}

TEST(SoundMixer, BothGoneAndBackBeginAnewWithoutOldSound) {
    SoundMixer mixer({kRate, 1});
    const std::vector<float> block(kBlock, 0.5F);
    std::size_t taken = 0;
    const auto run = [&](Timestamp from) {
        for (int i = 0; i < 20; ++i) {
            mixer.add(0, block, from + i * 10ms, from + (i + 1) * 10ms);
            while (const auto made = mixer.take(from + (i + 1) * 10ms)) {
                EXPECT_GE(made->pts + 1us, from);
                ++taken;
            }
        }
    };
    run(1s);
    run(60s);
    EXPECT_GE(taken, 38U);
    EXPECT_LE(taken, 40U);
}

/// Two devices whose clocks are apart stay together: an hour at the speed of the test.
class SoundMixerDrift : public ::testing::TestWithParam<double> {};

TEST_P(SoundMixerDrift, IsMadeGoodWithoutAJump) {
    ClockFollower follower({kRate, 2});
    Tone tone(1000, 0.5, GetParam());
    std::vector<float> out;
    std::int64_t next = 0;
    double worst = 0;
    for (int i = 0; i < 30'000; ++i) {
        const auto pts = tone.next();
        const auto piece = follower.add(tone.block(), pts);
        if (!piece) continue;
        if (next != 0) {
            ASSERT_EQ(piece->at, next);
        }
        next = piece->at + static_cast<std::int64_t>(piece->samples.size() / 2);
        // The end of what has come out lies where the end of what has gone in does, less what is inside.
        const auto behind = static_cast<double>(follower.placeOf(tone.next()) - next);
        if (i > 2000) worst = std::max(worst, std::abs(behind));
        if (i > 29'700) out.insert(out.end(), piece->samples.begin(), piece->samples.end());
    }
    RecordProperty("worst", std::to_string(worst));
    EXPECT_LT(worst, 96) << "samples";  // 2 ms
    out.resize(kRate * 2 * 2);
    const auto levels = measure(out, 1000);
    EXPECT_NEAR(levels.tone, 0.5, 0.005);
    EXPECT_LT(levels.rest, 0.05);
}

INSTANTIATE_TEST_SUITE_P(Ppm, SoundMixerDrift, testing::Values(0.0, 30.0, -30.0, 200.0, -200.0));

}  // namespace
}  // namespace livepusher::capture
