// SPDX-License-Identifier: MIT
#include "effects/audio/processor.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <map>

#include "every_sound.hpp"
#include "measures.hpp"
#include "sounds.hpp"

namespace livepusher::effects::test {
namespace {

double cents(double hz, double other) { return 1200 * std::log2(hz / other); }

TEST(Voice, IsThereForEachTypeAndNoOther) {
    for (int type = -1; type <= 13; ++type) {
        const bool known = std::count(kVoices.begin(), kVoices.end(), type) > 0;
        EXPECT_EQ(makeVoice(type, kFormats[0]) != nullptr, known) << type;
    }
}

TEST(Voice, HasThePitchOfItsType) {
    const std::map<int, double> semitones{{1, 5}, {2, 8}, {3, -4}, {8, -3}};
    for (const auto& format : kFormats) {
        for (const auto& [type, raised] : semitones) {
            for (const double hz : {220.0, 400.0, 1000.0}) {
                const auto voice = makeVoice(type, format);
                const auto out = through(*voice, format, tone(format.sampleRate, 3, hz, -20));
                const double found =
                    strongestHz(std::span(out).subspan(static_cast<std::size_t>(format.sampleRate)), format.sampleRate);
                EXPECT_NEAR(cents(found, hz), 100 * raised, 10) << "voice " << type << ", " << hz << " Hz, " << nameOf(format);
            }
        }
    }
}

TEST(Voice, IsItsOwnInFigures) {
    const AudioFormat format{16000, 1};
    const auto in = speech(format.sampleRate, 6);
    const double hz = fundamentalHz(in, format.sampleRate);
    std::cout << std::fixed << std::setprecision(1) << "speech: " << hz << " Hz, centroid " << centroidHz(in, format.sampleRate)
              << " Hz\n";
    std::map<int, double> found;
    for (const int type : kVoices) {
        const auto voice = makeVoice(type, format);
        const auto out = through(*voice, format, in);
        found[type] = fundamentalHz(out, format.sampleRate);
        std::cout << "voice " << type << ": " << found[type] << " Hz (" << 12 * std::log2(found[type] / hz)
                  << " semitones), centroid " << centroidHz(out, format.sampleRate) << " Hz, loudness "
                  << loudness(out, format.sampleRate) - loudness(in, format.sampleRate) << " dB\n";
    }
    EXPECT_NEAR(cents(found[1], hz), 500, 100);  // speech moves: what is exact is in HasThePitchOfItsType
    EXPECT_NEAR(cents(found[2], hz), 800, 100);
    EXPECT_NEAR(cents(found[3], hz), -400, 100);
    EXPECT_NEAR(cents(found[4], hz), -300, 100);
    EXPECT_NEAR(cents(found[6], hz), 200, 100);
    EXPECT_NEAR(cents(found[8], hz), -300, 100);
    EXPECT_NEAR(cents(found[11], hz), 0, 100) << "the voice itself, with another behind";
}

TEST(Voice, IsAsLoudAsWhatWentIn) {
    for (const auto& format : kFormats) {
        for (const double dbfs : {-40, -14}) {
            const auto in = speech(format.sampleRate, 3, dbfs);
            for (const int type : kVoices) {
                const auto voice = makeVoice(type, format);
                const auto out = through(*voice, format, in);
                EXPECT_NEAR(loudness(out, format.sampleRate), loudness(in, format.sampleRate), 3)
                    << "voice " << type << ", " << dbfs << " dBFS, " << nameOf(format);
            }
        }
    }
}

TEST(Voice, TellsTheDelayThatIsMeasured) {
    for (const auto& format : kFormats) {
        const auto in = bursts(format.sampleRate, 8);
        for (const int type : kVoices) {
            const auto voice = makeVoice(type, format);
            const auto out = through(*voice, format, in);
            const double lag = lagOfLoudness(in, out, static_cast<std::size_t>(format.sampleRate / 10), format.sampleRate);
            const double ms = 1000.0 / format.sampleRate, told = static_cast<double>(voice->delay());
            std::cout << std::fixed << std::setprecision(2) << nameOf(format) << ", voice " << type << ": " << voice->delay()
                      << " frames = " << told * ms << " ms, measured " << lag * ms << " ms\n";
            EXPECT_NEAR(lag * ms, told * ms, 2);
        }
    }
}

TEST(Voice, NeverLagsOrRunsAheadInTheLongRun) {
    for (const auto& format : kFormats) {
        for (const double semitones : {8.0, 5.0, -4.0, -8.0}) {
            const auto pitch = makePitch(semitones, format);
            const auto piece = bursts(format.sampleRate, 4);
            through(*pitch, format, Samples(format.blockFrames() * 12000, 0.1F));  // two minutes
            const auto out = through(*pitch, format, piece);
            const double lag = lagOfLoudness(piece, out, static_cast<std::size_t>(format.sampleRate / 10), format.sampleRate);
            EXPECT_NEAR(lag * 1000 / format.sampleRate, static_cast<double>(pitch->delay()) * 1000 / format.sampleRate, 2)
                << semitones;
        }
    }
}

TEST(Voice, HasNoClick) {
    for (const auto& format : kFormats) {
        auto in = tone(format.sampleRate, 4, 200, -17);
        const auto fade = static_cast<std::size_t>(format.sampleRate / 2);
        for (std::size_t i = 0; i < fade; ++i) in[i] *= static_cast<float>(i) / static_cast<float>(fade);
        for (const int type : kVoices) {
            const auto voice = makeVoice(type, format);
            const auto out = through(*voice, format, in);
            std::vector<double> steps;  // of the slope: a click stands out in them
            for (std::size_t i = 2 * fade; i + 1 < out.size(); ++i)
                steps.push_back(std::abs(double{out[i + 1]} - 2 * double{out[i]} + double{out[i - 1]}));
            std::sort(steps.begin(), steps.end());
            const double usual = steps[steps.size() * 98 / 100], most = steps.back();
            std::cout << nameOf(format) << ", voice " << type << ": " << std::setprecision(5) << most << ", 98 of 100 below "
                      << usual << '\n';
            EXPECT_LT(most, 4 * usual + 0.01) << "voice " << type << ", " << nameOf(format);
        }
    }
}

TEST(Voice, DiffersFromEveryOther) {
    for (const auto& format : kFormats) {
        const auto in = speech(format.sampleRate, 5);
        std::map<int, std::array<double, 24>> heard{{0, bands(in, format.sampleRate)}};
        for (const int type : kVoices) {
            const auto voice = makeVoice(type, format);
            heard[type] = bands(through(*voice, format, in), format.sampleRate);
        }
        double least = 100;
        for (const auto& [one, a] : heard) {
            for (const auto& [other, b] : heard) {
                if (one >= other) continue;
                double sum = 0;
                for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]) / static_cast<double>(a.size());
                least = std::min(least, sum);
                EXPECT_GT(sum, 1.0) << one << " and " << other << ", " << nameOf(format);
            }
        }
        std::cout << nameOf(format) << ": the two most alike differ by " << least << " dB in the mean of 24 bands\n";
    }
}

}  // namespace
}  // namespace livepusher::effects::test
