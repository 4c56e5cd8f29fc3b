// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "effects/audio/processor.hpp"

/// Sounds to try processors with: one channel, the same on every run.
namespace livepusher::effects::test {

using Samples = std::vector<float>;

/// Speech is five syllables in a row, then a pause as long as two.
inline constexpr double kSyllableSeconds = 0.18;
inline constexpr int kSyllables = 5, kPauses = 2;

/// Like speech: a voice of 120 Hz with melody and its harmonics, formants of changing vowels, hissing consonants,
/// syllables and pauses. The rms of all but the pauses is about `dbfs`.
Samples speech(int rate, double seconds, double dbfs = -20);
Samples tone(int rate, double seconds, double hz, double dbfs);
Samples noise(int rate, double seconds, double dbfs, std::uint32_t seed = 1);
/// Bursts of noise and silence by chance, 20 ms each: where one is in time can be told from its loudness alone.
Samples bursts(int rate, double seconds);

/// Runs a sound through in blocks, the same in all channels; gives one channel of what comes out, of equal length.
Samples through(AudioProcessor& processor, const AudioFormat& format, std::span<const float> sound, int channel = 0);

}  // namespace livepusher::effects::test
