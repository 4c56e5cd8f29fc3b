// SPDX-License-Identifier: MIT
#include "effects/audio/processor.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iostream>

#include "every_sound.hpp"
#include "measures.hpp"
#include "sounds.hpp"

namespace livepusher::effects::test {
namespace {

std::unique_ptr<Cleaner> cleaner(const AudioFormat& format, bool noise, bool gain) {
    auto made = makeCleaner(format);
    made->setNoiseSuppression(noise);
    made->setGainControl(gain);
    return made;
}

/// How far the spectrum of `sound` stands above what it differs in from that of `clean`, in dB, over all short pieces.
double spectralSnr(std::span<const float> clean, std::span<const float> sound) {
    constexpr std::size_t kSize = 512;
    double wanted = 0, wrong = 0;
    for (std::size_t at = 0; at + kSize <= clean.size(); at += kSize / 2) {
        const auto a = spectrum(clean.subspan(at, kSize), kSize), b = spectrum(sound.subspan(at, kSize), kSize);
        for (std::size_t i = 0; i < a.size(); ++i) {
            const double difference = std::sqrt(b[i]) - std::sqrt(a[i]);
            wanted += a[i];
            wrong += difference * difference;
        }
    }
    return decibels(wanted / wrong);
}

/// The greatest jump of the gain between two milliseconds, in dB, from a tone's power before and after.
double greatestJump(std::span<const float> sound, int rate) {
    const auto piece = static_cast<std::size_t>(rate / 1000);
    double jump = 0, before = 0;
    for (std::size_t at = 0; at + piece <= sound.size(); at += piece) {
        const double now = rmsDbfs(sound.subspan(at, piece));
        if (at > 0) jump = std::max(jump, std::abs(now - before));
        before = now;
    }
    return jump;
}

TEST(Cleaner, TakesNoiseFromSpeech) {
    for (const auto& format : kFormats) {
        const int rate = format.sampleRate;
        const auto clean = speech(rate, 10, -23), hiss = noise(rate, 10, -28);
        auto noisy = clean;
        for (std::size_t i = 0; i < noisy.size(); ++i) noisy[i] += hiss[i];
        const auto made = cleaner(format, true, false);
        const auto out = through(*made, format, noisy);
        const auto from = static_cast<std::size_t>(3 * rate), size = clean.size() - from - made->delay();
        const double before = spectralSnr(std::span(clean).subspan(from, size), std::span(noisy).subspan(from, size));
        const double after =
            spectralSnr(std::span(clean).subspan(from, size), std::span(out).subspan(from + made->delay(), size));
        const auto pause = static_cast<std::size_t>((5 * (kSyllables + kPauses) - 1.7) * kSyllableSeconds * rate);
        const auto length = static_cast<std::size_t>(1.2 * kSyllableSeconds * rate);
        const double fallen =
            rmsDbfs(std::span(noisy).subspan(pause, length)) - rmsDbfs(std::span(out).subspan(pause + made->delay(), length));
        std::cout << nameOf(format) << ": spectral SNR " << before << " dB -> " << after << " dB, noise in a pause " << -fallen
                  << " dB\n";
        EXPECT_GE(after - before, 5);
        EXPECT_GE(fallen, 8);
    }
}

TEST(Cleaner, BringsQuietAndLoudSpeechTogether) {
    for (const auto& format : kFormats) {
        const int rate = format.sampleRate;
        double least = 0, most = -100, highest = 0;
        for (const double dbfs : {-40, -20}) {
            // It takes its time with a voice that has no words, and knows speech by the quiet of the room in between.
            auto sound = speech(rate, 50, dbfs);
            const auto room = noise(rate, 50, dbfs - 35);
            for (std::size_t i = 0; i < sound.size(); ++i) sound[i] += room[i];
            const auto made = cleaner(format, false, true);
            const auto out = through(*made, format, sound);
            const double level = rmsDbfs(std::span(out).subspan(static_cast<std::size_t>(45 * rate)));
            least = std::min(least, level);
            most = std::max(most, level);
            highest = std::max(highest, peak(out));
            std::cout << nameOf(format) << ": " << dbfs << " dBFS -> " << level << " dBFS, peak " << peak(out) << '\n';
        }
        EXPECT_LE(most - least, 10) << "half of the 20 dB that went in";
        EXPECT_LE(highest, 1);
    }
}

TEST(Cleaner, NeverGoesAboveFullScaleWhenAVoiceGetsLoudAtOnce) {
    for (const auto& format : kFormats) {
        auto sound = speech(format.sampleRate, 8, -40);
        const auto loud = speech(format.sampleRate, 2, -8);
        sound.insert(sound.end(), loud.begin(), loud.end());
        const auto made = cleaner(format, false, true);
        EXPECT_LE(peak(through(*made, format, sound)), std::max(1.0, peak(loud)));
    }
}

TEST(Cleaner, TellsTheDelayThatIsMeasured) {
    for (const auto& format : kEveryFormat) {
        for (const bool on : {false, true}) {
            for (const bool gain : {false, true}) {
                auto in = noise(format.sampleRate, 1, -30);
                for (std::size_t i = 0; i < in.size(); ++i)  // as suppression takes what never changes
                    in[i] *= (i / static_cast<std::size_t>(format.sampleRate / 15)) % 3 == 0 ? 1.0F : 0.1F;
                const auto made = cleaner(format, on, gain);
                const auto out = through(*made, format, in);
                const auto from = in.size() / 2;
                const auto lag = lagOfWaves(std::span(in).subspan(from), std::span(out).subspan(from), 2 * made->delay());
                EXPECT_EQ(lag, made->delay()) << nameOf(format) << (on ? ", ANS" : "") << (gain ? ", AGC" : "");
                if (on && gain) std::cout << nameOf(format) << ": " << lag << " frames\n";
            }
        }
    }
}

TEST(Cleaner, ChangesNotABitWithBothOff) {
    const AudioFormat format{48000, 2};
    const auto made = cleaner(format, false, false);
    const auto in = speech(48000, 1), out = through(*made, format, in);
    EXPECT_TRUE(std::equal(out.begin() + static_cast<std::ptrdiff_t>(made->delay()), out.end(), in.begin()));
}

TEST(Cleaner, SwitchesWithoutAClickOrAStep) {
    for (const auto& format : kFormats) {
        const auto made = cleaner(format, false, false);
        const auto in = tone(format.sampleRate, 4, 500, -26);  // two waves fill each piece that is compared
        const auto block = format.blockFrames();
        Samples out;
        for (std::size_t i = 0; i < in.size() / block; ++i) {
            if (i == 60 || i == 200 || i == 203) made->setNoiseSuppression(i != 200);
            if (i == 120 || i == 260 || i == 262) made->setGainControl(i != 260);
            if (i == 320) made->setNoiseSuppression(false), made->setGainControl(false);
            const auto part = through(*made, format, std::span(in).subspan(i * block, block));
            out.insert(out.end(), part.begin(), part.end());
        }
        const auto steady = std::span(out).subspan(made->delay() + static_cast<std::size_t>(format.sampleRate / 10));
        double step = 0;
        for (std::size_t i = 1; i < steady.size(); ++i)
            step = std::max(step, std::abs(double{steady[i]} - double{steady[i - 1]}));
        const double own = peak(steady) * 2 * M_PI * 500 / format.sampleRate;
        std::cout << nameOf(format) << ": steps up to " << step / own << " of the tone's own, gain by up to "
                  << greatestJump(steady, format.sampleRate) << " dB a millisecond\n";
        EXPECT_LT(step, 1.3 * own);
        EXPECT_LT(greatestJump(steady, format.sampleRate), 3);
    }
}

TEST(Cleaner, LeavesWhatStandsLeftOnTheLeft) {
    const AudioFormat format{48000, 2};
    const auto made = cleaner(format, true, true);
    const auto voice = speech(48000, 6, -25);
    double left = 0, right = 0;
    Samples block(format.blockSamples());
    for (std::size_t at = 0; at + format.blockFrames() <= voice.size(); at += format.blockFrames()) {
        for (std::size_t i = 0; i < format.blockFrames(); ++i)
            block[2 * i] = voice[at + i], block[2 * i + 1] = 0.25F * voice[at + i];
        made->process(block);
        if (at < voice.size() / 2) continue;
        for (std::size_t i = 0; i < block.size(); i += 2) left += block[i] * block[i], right += block[i + 1] * block[i + 1];
    }
    EXPECT_NEAR(decibels(left / right), 12.04, 1);
}

TEST(Cleaner, DoesAsWellWhenOnlyTheRightMicrophoneIsThere) {
    const AudioFormat format{48000, 2};
    const auto both = cleaner(format, false, true), one = cleaner(format, false, true);
    const auto voice = speech(48000, 6, -35);
    Samples expected = through(*both, format, voice, 1), right, block(format.blockSamples());
    for (std::size_t at = 0; at < voice.size(); at += format.blockFrames()) {
        for (std::size_t i = 0; i < format.blockFrames(); ++i) block[2 * i] = 0, block[2 * i + 1] = voice[at + i];
        one->process(block);
        for (std::size_t i = 0; i < format.blockFrames(); ++i) right.push_back(block[2 * i + 1]);
    }
    EXPECT_NEAR(rmsDbfs(right), rmsDbfs(expected), 1.5);
}

}  // namespace
}  // namespace livepusher::effects::test
