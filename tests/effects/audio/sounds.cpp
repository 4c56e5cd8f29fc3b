// SPDX-License-Identifier: MIT
#include "sounds.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <random>

namespace livepusher::effects::test {
namespace {

constexpr double kPi = std::numbers::pi;

double amplitude(double dbfs) { return std::pow(10.0, dbfs / 20); }

std::size_t frames(int rate, double seconds) { return static_cast<std::size_t>(std::lround(rate * seconds)); }

/// Two poles: a formant of the mouth.
struct Formant {
    double y1 = 0, y2 = 0;
    double operator()(double in, double hz, double width, double rate) {
        const double r = std::exp(-kPi * width / rate), c = 2 * r * std::cos(2 * kPi * hz / rate);
        const double out = (1 - r) * in + c * y1 - r * r * y2;
        y2 = y1;
        return y1 = out;
    }
};

constexpr std::array<std::array<double, 3>, 6> kVowels{{
    {730, 1090, 2440},
    {270, 2290, 3010},
    {300, 870, 2240},
    {530, 1840, 2480},
    {570, 840, 2410},
    {490, 1350, 1690},
}};

/// One syllable of 220 ms after another, eight in a row, then a pause as long as three.
constexpr double kSyllable = 0.22;
constexpr int kWord = 8, kPause = 3;

}  // namespace

Samples speech(int rate, double seconds, double dbfs) {
    Samples out(frames(rate, seconds));
    std::minstd_rand chance(7);
    std::uniform_real_distribution<double> hiss(-1, 1);
    std::array<Formant, 3> mouth;
    Formant teeth;
    double phase = 0, sum = 0;
    std::size_t voiced = 0;
    std::array<double, 3> place = kVowels[0];
    for (std::size_t i = 0; i < out.size(); ++i) {
        const double t = static_cast<double>(i) / rate;
        const auto syllable = static_cast<int>(t / kSyllable);
        const double within = t / kSyllable - syllable;
        const bool pause = syllable % (kWord + kPause) >= kWord;
        const auto& vowel = kVowels[static_cast<std::size_t>(syllable * 5 + syllable / 3) % kVowels.size()];
        for (std::size_t f = 0; f < 3; ++f) place[f] += (vowel[f] - place[f]) * 60 / rate;  // the mouth takes its time
        const double pitch = 120 * (1 + 0.12 * std::sin(2 * kPi * 0.7 * t) + 0.03 * std::sin(2 * kPi * 5 * t));
        phase += pitch / rate;
        phase -= std::floor(phase);
        const double glottis = phase < 0.6 ? std::sin(kPi * phase / 0.6) * std::sin(kPi * phase / 0.6) - 0.3 : -0.3;
        const double loud = pause ? 0 : std::pow(std::sin(kPi * within), 0.6) * (0.7 + 0.3 * std::sin(syllable * 2.1));
        const double consonant = !pause && within < 0.25 && syllable % 2 == 0 ? 0.25 : 0.004;
        double sound = 0;
        for (std::size_t f = 0; f < 3; ++f) sound += mouth[f](glottis * loud, place[f], 60 + 40.0 * static_cast<double>(f), rate);
        sound += 2 * teeth(hiss(chance) * consonant * (pause ? 0 : 1), std::min(5500.0, rate * 0.4), 1500, rate);
        out[i] = static_cast<float>(sound);
        if (pause) continue;
        sum += sound * sound;
        ++voiced;
    }
    const auto gain =
        static_cast<float>(amplitude(dbfs) / std::sqrt(sum / static_cast<double>(std::max<std::size_t>(voiced, 1))));
    for (auto& sample : out) sample *= gain;
    return out;
}

Samples tone(int rate, double seconds, double hz, double dbfs) {
    Samples out(frames(rate, seconds));
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] =
            static_cast<float>(amplitude(dbfs) * std::numbers::sqrt2 * std::sin(2 * kPi * hz * static_cast<double>(i) / rate));
    return out;
}

Samples noise(int rate, double seconds, double dbfs, std::uint32_t seed) {
    Samples out(frames(rate, seconds));
    std::mt19937 chance(seed);
    std::normal_distribution<float> white(0, static_cast<float>(amplitude(dbfs)));
    for (auto& sample : out) sample = white(chance);
    return out;
}

Samples bursts(int rate, double seconds) {
    Samples out = noise(rate, seconds, -18, 3);
    std::mt19937 chance(5);
    const std::size_t piece = frames(rate, 0.02);
    float gain = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (i % piece == 0) gain = chance() % 3 == 0 ? 1.0F : 0.0F;
        out[i] *= gain;
    }
    return out;
}

Samples through(AudioProcessor& processor, const AudioFormat& format, std::span<const float> sound, int channel) {
    const auto channels = static_cast<std::size_t>(format.channels), size = format.blockFrames();
    Samples out, block(format.blockSamples());
    for (std::size_t at = 0; at < sound.size(); at += size) {
        for (std::size_t i = 0; i < size; ++i)
            std::fill_n(block.data() + i * channels, channels, at + i < sound.size() ? sound[at + i] : 0.0F);
        processor.process(block);
        for (std::size_t i = 0; i < size; ++i) out.push_back(block[i * channels + static_cast<std::size_t>(channel)]);
    }
    out.resize(sound.size());
    return out;
}

}  // namespace livepusher::effects::test
