// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "effects/audio/dsp/comb.hpp"
#include "effects/audio/dsp/delay_line.hpp"
#include "effects/audio/dsp/envelope.hpp"
#include "effects/audio/dsp/lfo.hpp"

/// What voices are made of besides another pitch: functions of one channel's next sample. What bends the wave does so
/// in proportion to how loud the voice is, so that a quiet one sounds the same, only quieter.
namespace livepusher::effects::voice {

/// Times a sine: each tone becomes two, beside itself. `depth` 1: nothing of the tone itself stays.
struct Ring {
    dsp::Lfo lfo;
    float depth;

    float operator()(float in) { return in * (1 - depth + depth * lfo()); }
};

/// Times a square wave whose edges take a while: a buzz, without a click at each edge.
struct SquareRing {
    dsp::Lfo lfo;
    float depth;

    float operator()(float in) { return in * (1 - depth + depth * std::clamp(8 * lfo(), -1.0F, 1.0F)); }
};

/// Drives the voice into a soft limit; `drive` times its loudness is where the limit bends.
struct Drive {
    dsp::Envelope envelope;
    float drive;

    float operator()(float in) {
        const float loud = envelope(in), x = std::clamp(drive * in / loud, -3.0F, 3.0F), square = x * x;
        return loud * x * (27 + square) / (27 + 9 * square);  // tanh, near enough
    }
};

/// Fewer and coarser samples.
struct Crush {
    dsp::Envelope envelope;
    int hold;     ///< samples made one
    float steps;  ///< to each side, over 4 times the loudness
    int left = 0;
    float held = 0;

    float operator()(float in) {
        const float step = 4 * envelope(in) / steps;
        if (left-- == 0) {
            left = hold - 1;
            held = std::round(in / step) * step;
        }
        return held;
    }
};

/// The ring of a pipe.
struct Pipe {
    dsp::Comb comb;
    float share;

    float operator()(float in) { return in + share * (comb.ringing(in) - in); }
};

/// The pitch wavers about itself: the place in a delay moves to and fro. Its delay is `middle`.
struct Wobble {
    dsp::DelayLine line;
    dsp::Lfo lfo;
    float middle, depth;  ///< samples

    float operator()(float in) {
        line.push(in);
        return line.at(middle + depth * lfo());
    }
};

/// Two wavering copies beside the voice.
struct Chorus {
    dsp::DelayLine line;
    dsp::Lfo first, second;
    float middle, depth, share;  ///< samples, samples, of each copy

    float operator()(float in) {
        line.push(in);
        return in + share * (line.at(middle + depth * first()) + line.at(1.4F * middle + depth * second()));
    }
};

}  // namespace livepusher::effects::voice
