// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <soundtouch/SoundTouch.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numbers>
#include <random>

#include "allocations.hpp"
#include "effects/effects.hpp"
#include "measures.hpp"
#include "sounds.hpp"

namespace livepusher::effects {
namespace {

using test::Samples;

constexpr int kRate = 48000;
constexpr std::size_t kFade = 960;

Samples stereo(const Samples& one) {
    Samples both;
    both.reserve(2 * one.size());
    for (const float each : one) {
        both.push_back(each);
        both.push_back(0.5F * each);
    }
    return both;
}

Samples left(const Samples& both) {
    Samples one;
    for (std::size_t i = 0; i < both.size(); i += 2) one.push_back(both[i]);
    return one;
}

/// A chord of plucked strings, four a second.
Samples music(double seconds) {
    Samples out(static_cast<std::size_t>(seconds * kRate));
    constexpr std::array kRoots{220.0, 261.63, 196.0, 246.94};
    for (std::size_t i = 0; i < out.size(); ++i) {
        const double t = static_cast<double>(i) / kRate, since = std::fmod(t, 0.25);
        const double root = kRoots[static_cast<std::size_t>(t * 4) % kRoots.size()];
        double sum = 0;
        for (const double ratio : {1.0, 1.25, 1.5})
            for (int n = 1; n < 8; ++n) sum += std::sin(2 * std::numbers::pi * root * ratio * n * t) / (n * n);
        out[i] = static_cast<float>(0.12 * sum * std::exp(-6 * since) * std::min(1.0, since * 400));
    }
    return out;
}

struct Stretched {
    Samples both;
    std::vector<StretchedPiece> pieces;
};

Stretched stretch(const Samples& both, double speed, std::size_t frames = 480) {
    const auto stretcher = makeTimeStretcher({});
    Stretched made;
    for (std::size_t at = 0; at < both.size(); at += 2 * frames)
        stretcher->process(std::span(both).subspan(at, std::min(2 * frames, both.size() - at)), speed, made.both, made.pieces);
    return made;
}

/// The largest second difference: a click shows there long before it shows as a step.
double bend(const Samples& one) {
    double most = 0;
    for (std::size_t n = 200; n < one.size(); ++n)
        most = std::max(most, std::abs(double(one[n]) - 2 * double(one[n - 1]) + double(one[n - 2])));
    return most;
}

/// How far what was stretched is from anything that was there at about that time: of the spectra of pieces of 85 ms, dB.
class Likeness {
public:
    explicit Likeness(const Samples& in) {
        for (std::size_t at = 0; at + kSize <= in.size(); at += kGrid) there_.push_back(bands(in, at));
    }
    double distance(const Samples& out, double speed) const {
        double sum = 0;
        int count = 0;
        for (std::size_t at = kRate / 2; at + kSize <= out.size(); at += kSize, ++count) {
            const auto made = bands(out, at);
            const auto middle = std::lround(static_cast<double>(at) * speed / kGrid);
            double least = std::numeric_limits<double>::max();
            for (auto i = std::max(middle - 8, 0L); i <= middle + 8 && i < std::ssize(there_); ++i)
                least = std::min(least, apart(made, there_[static_cast<std::size_t>(i)]));
            sum += least;
        }
        return sum / count;
    }

private:
    using Bands = std::array<double, 24>;
    static constexpr std::size_t kSize = 4096, kGrid = kRate / 200;

    static Bands bands(const Samples& of, std::size_t at) { return test::bands(std::span(of).subspan(at, kSize), kRate); }
    static double apart(const Bands& a, const Bands& b) {
        double sum = 0;
        int count = 0;
        for (std::size_t i = 0; i < a.size(); ++i) {
            if (std::max(a[i], b[i]) < -50) continue;  // nobody hears it beside the rest
            const double step = std::max(a[i], -60.0) - std::max(b[i], -60.0);
            sum += step * step;
            ++count;
        }
        return std::sqrt(sum / std::max(count, 1));
    }

    std::vector<Bands> there_;
};

/// By the library that everybody takes, as it is set by itself.
Samples bySoundTouch(const Samples& in, double speed) {
    soundtouch::SoundTouch touch;
    touch.setSampleRate(kRate);
    touch.setChannels(1);
    touch.setTempo(speed);
    Samples out;
    for (std::size_t at = 0; at + 480 <= in.size(); at += 480) {
        touch.putSamples(in.data() + at, 480);
        const auto ready = touch.numSamples();
        const auto before = out.size();
        out.resize(before + ready);
        touch.receiveSamples(out.data() + before, ready);
    }
    return out;
}

constexpr std::array kSpeeds{0.97, 1.05, 1.10};

TEST(TimeStretcher, AtItsOwnSpeedTheSoundComesOutAtOnceAndToTheBit) {
    const auto stretcher = makeTimeStretcher({});
    const auto in = stereo(test::speech(kRate, 2));
    Samples out;
    std::vector<StretchedPiece> pieces;
    std::mt19937 random(1);
    for (std::size_t at = 0; at < in.size();) {
        const auto samples = std::min<std::size_t>(2 * (1 + random() % 1000), in.size() - at);
        stretcher->process(std::span(in).subspan(at, samples), 1, out, pieces);
        at += samples;
        ASSERT_EQ(out.size(), at);
        ASSERT_EQ(stretcher->delay(), 0U);
    }
    EXPECT_EQ(out, in);
    ASSERT_EQ(pieces.size(), 1U);
    EXPECT_EQ(pieces[0].first, 0);
    EXPECT_EQ(pieces[0].frames, in.size() / 2);
}

TEST(TimeStretcher, KeepsThePitchTheLevelAndTheSmoothnessOfATone) {
    const auto tone = test::tone(kRate, 20, 440, -12);
    for (const double speed : kSpeeds) {
        const auto out = left(stretch(stereo(tone), speed).both);
        const double cents = 1200 * std::log2(test::strongestHz(out, kRate) / 440);
        const double level = test::rmsDbfs(out) - test::rmsDbfs(tone);
        const double smooth = bend(out) / bend(tone);
        std::printf("%.2f: %+.3f cents, %+.3f dB, second difference %.3f times its own\n", speed, cents, level, smooth);
        EXPECT_NEAR(cents, 0, 3) << speed;
        EXPECT_NEAR(level, 0, 0.5) << speed;
        EXPECT_LE(smooth, 1.5) << speed;
    }
}

TEST(TimeStretcher, SpeechMusicAndNoiseKeepLevelAndSmoothness) {
    for (const auto& [name, sound] :
         {std::pair{"speech", test::speech(kRate, 20)}, {"music", music(20)}, {"noise", test::noise(kRate, 20, -20)}})
        for (const double speed : kSpeeds) {
            const auto out = left(stretch(stereo(sound), speed).both);
            const double level = test::rmsDbfs(out) - test::rmsDbfs(sound);
            const double smooth = bend(out) / bend(sound);
            std::printf("%s at %.2f: %+.3f dB, second difference %.3f times its own\n", name, speed, level, smooth);
            EXPECT_NEAR(level, 0, 0.5) << name << speed;
            EXPECT_LE(smooth, 1.5) << name << speed;
        }
}

TEST(TimeStretcher, IsAsNearToTheSoundAsSoundTouch) {
    for (const auto& [name, sound] : {std::pair{"speech", test::speech(kRate, 20)}, {"music", music(20)}}) {
        const Likeness likeness(sound);
        for (const double speed : kSpeeds) {
            const double own = likeness.distance(left(stretch(stereo(sound), speed).both), speed);
            const double other = likeness.distance(bySoundTouch(sound, speed), speed);
            std::printf("%s at %.2f: %.3f dB apart, SoundTouch %.3f\n", name, speed, own, other);
            EXPECT_LE(own, other) << name << speed;
        }
    }
}

TEST(TimeStretcher, TellsToTheFrameWhatComesOut) {
    const auto in = stereo(test::speech(kRate, 20));
    for (const double speed : kSpeeds) {
        const auto made = stretch(in, speed, 441);
        std::size_t at = 0, joins = 0, wrong = 0;
        double worst = 0;
        for (const auto& piece : made.pieces) {
            // Either end of a piece lies in a cross-fade.
            const std::size_t before = joins++ == 0 ? 0 : kFade / 2, after = kFade / 2;
            for (std::size_t i = before; i + after < piece.frames; ++i)
                wrong += made.both[2 * (at + i)] != in[2 * (static_cast<std::size_t>(piece.first) + i)];
            const auto off = [&](double first) { return std::abs(first - static_cast<double>(at) * speed); };
            worst = std::max(worst, off(static_cast<double>(piece.first)));
            at += piece.frames;
            worst = std::max(worst, off(static_cast<double>(piece.first) + static_cast<double>(piece.frames)));
        }
        std::printf("%.2f: %zu pieces, never more than %.1f ms from an even pace\n", speed, joins, worst / kRate * 1000);
        EXPECT_EQ(at, made.both.size() / 2);
        EXPECT_EQ(wrong, 0U);
        EXPECT_GT(joins, 20U);
        EXPECT_LT(worst, 0.03 * kRate);
    }
}

TEST(TimeStretcher, DoesNotDriftInTenMinutes) {
    const auto second = stereo(test::speech(kRate, 7 * test::kSyllableSeconds));
    for (const double speed : kSpeeds) {
        const auto stretcher = makeTimeStretcher({});
        Samples out;
        std::vector<StretchedPiece> pieces;
        double in = 0, made = 0;
        while (in < 600.0 * kRate) {
            out.clear();
            pieces.clear();
            stretcher->process(second, speed, out, pieces);
            in += static_cast<double>(second.size() / 2);
            made += static_cast<double>(out.size() / 2);
        }
        const double apart = in - static_cast<double>(stretcher->delay()) - made * speed;
        std::printf("%.2f: %.1f ms apart after 10 minutes\n", speed, apart / kRate * 1000);
        EXPECT_LT(std::abs(apart), 0.03 * kRate);
        EXPECT_LE(stretcher->delay(), 0.045 * kRate + static_cast<double>(second.size() / 2));
    }
}

TEST(TimeStretcher, SpeedsMayChangeWithEachBlockWithoutAClick) {
    const auto tone = test::tone(kRate, 60, 440, -12);
    const auto in = stereo(tone);
    const auto stretcher = makeTimeStretcher({});
    Samples out;
    std::vector<StretchedPiece> pieces;
    std::mt19937 random(2);
    for (std::size_t at = 0; at < in.size();) {
        const auto samples = std::min<std::size_t>(2 * (1 + random() % 960), in.size() - at);
        const double speed = random() % 4 == 0 ? 1 : 0.97 + static_cast<double>(random() % 14) / 100;
        stretcher->process(std::span(in).subspan(at, samples), speed, out, pieces);
        if (speed == 1) {
            ASSERT_EQ(stretcher->delay(), 0U);
        }
        at += samples;
    }
    const auto heard = left(out);
    EXPECT_LE(bend(heard), 1.5 * bend(tone));
    EXPECT_NEAR(1200 * std::log2(test::strongestHz(heard, kRate) / 440), 0, 3);
    EXPECT_GT(pieces.size(), 50U);
}

TEST(TimeStretcher, SilenceIsNoCaseOfItsOwn) {
    for (const double speed : kSpeeds) {
        const auto made = stretch(Samples(2 * 10 * kRate, 0.0F), speed);
        EXPECT_NEAR(static_cast<double>(made.both.size() / 2) * speed, 10.0 * kRate, 0.08 * kRate);
        EXPECT_EQ(test::peak(made.both), 0);
    }
}

TEST(TimeStretcher, HearsSidesThatCancelEachOther) {
    Samples both;
    for (const float each : test::tone(kRate, 10, 440, -12)) {
        both.push_back(each);
        both.push_back(-each);
    }
    EXPECT_LE(bend(left(stretch(both, 1.1).both)), 1.5 * bend(left(both)));
}

TEST(TimeStretcher, SpeedsThatAreNoneAreLimited) {
    const auto in = stereo(test::tone(kRate, 10, 440, -12));
    const auto frames = [&](double speed) { return static_cast<double>(stretch(in, speed).both.size() / 2); };
    EXPECT_EQ(frames(std::nan("")), 10.0 * kRate);
    EXPECT_NEAR(frames(100), 10.0 * kRate / TimeStretcher::kFastest, 0.08 * kRate);
    EXPECT_NEAR(frames(-1), 10.0 * kRate / TimeStretcher::kSlowest, 0.08 * kRate);
}

TEST(TimeStretcher, AllocatesNothing) {
    const auto stretcher = makeTimeStretcher({});
    const auto in = stereo(test::speech(kRate, 5));
    Samples out;
    out.reserve(8192);
    std::vector<StretchedPiece> pieces;
    pieces.reserve(32);
    const auto before = test::allocations();
    if (!before) GTEST_SKIP() << "nothing is counted in this build";
    for (std::size_t at = 0, n = 0; at + 960 <= in.size(); at += 960, ++n) {
        out.clear();
        pieces.clear();
        stretcher->process(std::span(in).subspan(at, 960), n % 100 < 20 ? 1 : n % 200 < 100 ? 0.97 : 1.1, out, pieces);
    }
    EXPECT_EQ(*test::allocations() - *before, 0);
}

}  // namespace
}  // namespace livepusher::effects
