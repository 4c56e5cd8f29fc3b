// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "effects/audio/processor.hpp"

namespace livepusher::effects {

/// What a reverb's room is like.
struct Room {
    double rt60;        ///< s, until its sound has fallen by 60 dB, over all frequencies
    double damp;        ///< 0..1, how much sooner treble dies (of a comb's turn at 44.1 kHz, as Freeverb counts it)
    double size;        ///< times the rooms of Freeverb
    double preDelayMs;  ///< until the room answers
    double wet;         ///< 0..1, the room's share
    // What answers besides; 0: nothing.
    double echoMs = 0, echo = 0;  ///< distinct repeats: how far apart, how much of each stays
    double pipeMs = 0;            ///< a comb as of a metal pipe, that dies with the room
};

/// The sound and its room, together as loud as the sound alone. The sound itself isn't delayed.
std::unique_ptr<AudioProcessor> makeRoom(const Room& room, const AudioFormat& format);

}  // namespace livepusher::effects
