// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

namespace livepusher::effects {

/// Combs that turn one sound beside each other, and lose treble at each turn.
struct CombBank {
    double rate;
    double damp;  ///< of one turn: dsp::Comb's
    std::vector<std::size_t> lengths;
};

/// What a turn of so many samples leaves, for low sound to fall by 60 dB in `rt60` seconds.
double turnGain(std::size_t length, double rt60, double rate);

/// The time that low sound must take, for all frequencies together to take `rt60` seconds by Schroeder's measure (the
/// slope from -5 to -35 dB): as treble dies sooner, it is longer.
double lowRt60(const CombBank& bank, double rt60);

/// The power of what the combs make of white noise of power 1, together.
double noisePower(const CombBank& bank, double rt60);

}  // namespace livepusher::effects
