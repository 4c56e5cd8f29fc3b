// SPDX-License-Identifier: MIT
#include "effects/audio/processor.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iostream>
#include <map>

#include "every_sound.hpp"
#include "measures.hpp"
#include "sounds.hpp"

namespace livepusher::effects::test {
namespace {

/// Of each type: seconds, and until when the sound itself and its distinct copies come, ms.
struct Kind {
    double seconds, directMs;
};
const std::map<int, Kind> kKinds{{1, {1.2, 2}}, {2, {0.4, 2}}, {3, {2.8, 2}}, {4, {0.8, 8}},
                                 {5, {1.0, 2}}, {6, {0.6, 2}}, {7, {0.6, 45}}};

Samples response(int type, const AudioFormat& format, double seconds, int channel = 0) {
    Samples impulse(static_cast<std::size_t>(seconds * format.sampleRate), 0.0F);
    impulse[0] = 0.25F;
    const auto reverb = makeReverb(type, format);
    return through(*reverb, format, impulse, channel);
}

TEST(Reverb, IsThereForEachTypeAndNoOther) {
    for (int type = -1; type <= 9; ++type) EXPECT_EQ(makeReverb(type, kFormats[0]) != nullptr, type >= 1 && type <= 7) << type;
}

TEST(Reverb, LastsAsLongAsItsRoom) {
    for (const auto& format : kEveryFormat) {
        for (const auto& [type, kind] : kKinds) {
            const auto heard = response(type, format, 1.5 * kind.seconds);
            const auto direct = static_cast<std::size_t>(kind.directMs / 1000 * format.sampleRate);
            const double found = rt60(std::span(heard).subspan(direct), format.sampleRate);
            std::cout << nameOf(format) << ", reverb " << type << ": " << found << " s of " << kind.seconds << " s\n";
            EXPECT_NEAR(found, kind.seconds, 0.2 * kind.seconds) << "reverb " << type << ", " << nameOf(format);
        }
    }
}

TEST(Reverb, DelaysTheSoundItselfByNothing) {
    for (const auto& format : kFormats) {
        const auto in = noise(format.sampleRate, 0.5, -20);
        for (const int type : kReverbs) {
            const auto reverb = makeReverb(type, format);
            EXPECT_EQ(reverb->delay(), 0U);
            EXPECT_EQ(lagOfWaves(in, through(*reverb, format, in), format.blockFrames()), 0U) << type << ", " << nameOf(format);
        }
    }
}

TEST(Reverb, IsAsLoudAsWhatWentIn) {
    for (const auto& format : kFormats) {
        for (const double dbfs : {-32, -20}) {
            const auto in = speech(format.sampleRate, 3, dbfs);
            for (const int type : kReverbs) {
                const auto reverb = makeReverb(type, format);
                const auto out = through(*reverb, format, in);
                // Sonorous makes quiet voices louder and loud ones quieter: that is its sound.
                EXPECT_NEAR(loudness(out, format.sampleRate), loudness(in, format.sampleRate), type == 5 && dbfs != -20 ? 7 : 3)
                    << "reverb " << type << ", " << dbfs << " dBFS, " << nameOf(format);
            }
        }
    }
}

TEST(Reverb, FillsTheRoomToBothSides) {
    const AudioFormat format{48000, 2};
    for (const int type : kReverbs) {
        const auto left = response(type, format, 0.5, 0), right = response(type, format, 0.5, 1);
        double both = 0, a = 0, b = 0;
        for (std::size_t i = 4800; i < left.size(); ++i) {
            both += left[i] * right[i];
            a += left[i] * left[i];
            b += right[i] * right[i];
        }
        EXPECT_LT(std::abs(both) / std::sqrt(a * b), 0.5) << type;
        EXPECT_NEAR(decibels(a / b), 0, 3) << type;
    }
}

/// The power of the response in bands, in three parts of its time, each in dB against all.
std::vector<double> portrait(const Samples& heard, const AudioFormat& format) {
    std::vector<double> out;
    const double all = rmsDbfs(heard);
    const std::array<double, 4> times{0.002, 0.06, 0.25, 0.8};
    for (std::size_t part = 0; part + 1 < times.size(); ++part) {
        const auto from = static_cast<std::size_t>(times[part] * format.sampleRate),
                   to = static_cast<std::size_t>(times[part + 1] * format.sampleRate);
        const auto piece = std::span(heard).subspan(from, to - from);
        auto padded = Samples(piece.begin(), piece.end());
        padded.resize(std::max<std::size_t>(padded.size(), 4096), 0.0F);
        const double level = rmsDbfs(piece) - all;
        for (const double band : bands(padded, format.sampleRate)) out.push_back(std::max(band + level, -70.0));
    }
    return out;
}

TEST(Reverb, DiffersFromEveryOther) {
    for (const auto& format : kFormats) {
        std::map<int, std::vector<double>> heard;
        for (const int type : kReverbs) heard[type] = portrait(response(type, format, 1), format);
        double least = 100;
        for (const auto& [one, a] : heard) {
            for (const auto& [other, b] : heard) {
                if (one >= other) continue;
                double sum = 0;
                for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]) / static_cast<double>(a.size());
                least = std::min(least, sum);
                EXPECT_GT(sum, 2) << one << " and " << other << ", " << nameOf(format);
            }
        }
        std::cout << nameOf(format) << ": the two most alike differ by " << least << " dB in the mean of time and bands\n";
    }
}

}  // namespace
}  // namespace livepusher::effects::test
