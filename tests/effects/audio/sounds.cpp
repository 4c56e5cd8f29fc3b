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

}  // namespace

Samples speech(int rate, double seconds, double dbfs) {
    Samples out(frames(rate, seconds));
    std::minstd_rand chance(7);
    std::uniform_real_distribution<double> hiss(-1, 1);
    std::array<Formant, 3> mouth;
    Formant teeth;
    double phase = 0;
    std::array<double, 3> place = kVowels[0];
    for (std::size_t i = 0; i < out.size(); ++i) {
        const double t = static_cast<double>(i) / rate;
        const auto syllable = static_cast<int>(t / kSyllableSeconds);
        const double within = t / kSyllableSeconds - syllable;
        const bool pause = syllable % (kSyllables + kPauses) >= kSyllables;
        const auto& vowel = kVowels[static_cast<std::size_t>(syllable * 5 + syllable / 3) % kVowels.size()];
        for (std::size_t f = 0; f < 3; ++f) place[f] += (vowel[f] - place[f]) * 60 / rate;  // the mouth takes its time
        const double pitch = 120 * (1 + 0.12 * std::sin(2 * kPi * 0.7 * t) + 0.03 * std::sin(2 * kPi * 5 * t));
        phase += pitch / rate;
        phase -= std::floor(phase);
        const double glottis = phase < 0.6 ? std::sin(kPi * phase / 0.6) * std::sin(kPi * phase / 0.6) - 0.3 : -0.3;
        const double loud = pause ? 0 : std::sin(kPi * within) * std::sin(kPi * within);
        const double consonant = !pause && within < 0.25 && syllable % 2 == 0 ? 0.25 : 0.004;
        double sound = 0;
        for (std::size_t f = 0; f < 3; ++f) sound += mouth[f](glottis * loud, place[f], 60 + 40.0 * static_cast<double>(f), rate);
        sound += 2 * teeth(hiss(chance) * consonant * (pause ? 0 : 1), std::min(5500.0, rate * 0.4), 1500, rate);
        out[i] = static_cast<float>(sound);
    }
    // Each syllable as loud as the next but for its accent, whatever its vowel.
    const auto size = frames(rate, kSyllableSeconds);
    for (std::size_t at = 0, number = 0; at < out.size(); at += size, ++number) {
        const auto part = std::span(out).subspan(at, std::min(size, out.size() - at));
        double sum = 1e-9;
        for (const float sample : part) sum += double{sample} * double{sample};
        const bool pause = number % (kSyllables + kPauses) >= kSyllables;
        const double accent = pause ? 0.01 : 0.95 + 0.3 * std::sin(static_cast<double>(number) * 2.1);
        const double gain = amplitude(dbfs) * accent / std::sqrt(sum / static_cast<double>(part.size()));
        for (auto& sample : part) sample *= static_cast<float>(std::min(gain, amplitude(dbfs) * 20));
    }
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
