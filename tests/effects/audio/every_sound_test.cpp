// SPDX-License-Identifier: MIT
// What holds for every processor of the microphone's sound, at each rate, with one channel and two.
#include "every_sound.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "allocations.hpp"
#include "measures.hpp"
#include "sounds.hpp"

namespace livepusher::effects::test {
namespace {

constexpr float kLeastNormal = std::numeric_limits<float>::min();

TEST(EverySound, StaysFiniteAndBoundedWhateverComes) {
    for (const auto& format : kEveryFormat) {
        const int rate = format.sampleRate;
        auto square = tone(rate, 0.4, 100, 0), direct = square, denormal = square, hum = square;
        for (std::size_t i = 0; i < square.size(); ++i) {
            square[i] = square[i] < 0 ? -1.0F : 1.0F;
            direct[i] = 1;
            denormal[i] = kLeastNormal / 64 * static_cast<float>(i % 3);
            hum[i] = 0;
        }
        auto impulse = hum;
        impulse[100] = 1;
        for (const auto& sound : everySound()) {
            SCOPED_TRACE(sound.name + ", " + nameOf(format));
            const auto processor = sound.make(format);
            for (const auto* in : {&hum, &square, &direct, &denormal, &impulse}) {
                const auto out = through(*processor, format, *in);
                EXPECT_TRUE(allFinite(out));
                EXPECT_LT(peak(out), 10) << "the limiter after it would have a hard time";
            }
        }
    }
}

TEST(EverySound, MakesNothingOfSilence) {
    for (const auto& format : kFormats) {
        for (const auto& sound : everySound()) {
            SCOPED_TRACE(sound.name + ", " + nameOf(format));
            const auto processor = sound.make(format);
            EXPECT_EQ(peak(through(*processor, format, Samples(format.blockFrames() * 60, 0.0F))), 0);
        }
    }
}

TEST(EverySound, DiesAwayToNothingWithoutDenormals) {
    for (const auto& format : kFormats) {
        for (const auto& sound : everySound()) {
            SCOPED_TRACE(sound.name + ", " + nameOf(format));
            const auto processor = sound.make(format);
            through(*processor, format, noise(format.sampleRate, 0.3, -20));
            // The noise of an hour ago, as it were: what is left in every line is below what a float holds.
            for (int i = 0; i < 8; ++i) {
                const auto out = through(*processor, format, Samples(format.blockFrames() * 50, kLeastNormal / 4));
                for (const float sample : out) ASSERT_TRUE(sample == 0 || std::abs(sample) >= kLeastNormal || i < 1);
            }
        }
    }
}

TEST(EverySound, AllocatesNothingOnceWarm) {
    if (!allocations()) GTEST_SKIP() << "can't be counted under a sanitizer";
    for (const auto& format : kEveryFormat) {
        const auto in = speech(format.sampleRate, 3);
        for (const auto& sound : everySound()) {
            SCOPED_TRACE(sound.name + ", " + nameOf(format));
            const auto processor = sound.make(format);
            Samples block(format.blockSamples());
            std::size_t at = 0;
            const auto give = [&] {
                for (auto& sample : block) sample = in[at++ % in.size()];
                processor->process(block);
            };
            for (int i = 0; i < 5; ++i) give();
            const auto before = allocations();
            for (int i = 0; i < 250; ++i) give();
            EXPECT_EQ(*allocations() - *before, 0);
        }
    }
}

TEST(EverySound, IsTheSameForTheSame) {
    for (const auto& format : kFormats) {
        const auto in = speech(format.sampleRate, 1);
        for (const auto& sound : everySound()) {
            SCOPED_TRACE(sound.name + ", " + nameOf(format));
            const auto one = sound.make(format), other = sound.make(format);
            EXPECT_EQ(through(*one, format, in), through(*other, format, in));
        }
    }
}

}  // namespace
}  // namespace livepusher::effects::test
