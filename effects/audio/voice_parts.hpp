// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

#include "effects/audio/dsp/combs.hpp"
#include "effects/audio/dsp/delay_line.hpp"

namespace livepusher::effects::dsp {

/// A sine, one sample at a time, by turning a pointer: no call of sin() per sample.
class Lfo {
public:
    /// `turn` 0..1: where in its period it begins.
    Lfo(double rate, double hz, double turn = 0)
        : stepCos_(static_cast<float>(std::cos(kCircle * hz / rate))),
          stepSin_(static_cast<float>(std::sin(kCircle * hz / rate))),
          cos_(static_cast<float>(std::cos(kCircle * turn))),
          sin_(static_cast<float>(std::sin(kCircle * turn))) {}

    float operator()() {
        const float now = sin_;
        // What rounding takes from the pointer's length or adds to it is given back at once.
        const float keep = 1.5F - 0.5F * (cos_ * cos_ + sin_ * sin_);
        const float c = (cos_ * stepCos_ - sin_ * stepSin_) * keep;
        sin_ = (sin_ * stepCos_ + cos_ * stepSin_) * keep;
        cos_ = c;
        return now;
    }

private:
    static constexpr double kCircle = 2 * std::numbers::pi;
    float stepCos_, stepSin_, cos_, sin_;
};

/// How loud a channel is just now: quick to rise, slow to fall. Never quite 0, so that one may divide by it.
class Envelope {
public:
    Envelope(double rate, double riseSeconds, double fallSeconds)
        : rise_(static_cast<float>(1 - std::exp(-1 / (rate * riseSeconds)))),
          fall_(static_cast<float>(1 - std::exp(-1 / (rate * fallSeconds)))) {}

    float operator()(float in) {
        const float power = in * in;
        power_ += (power > power_ ? rise_ : fall_) * (power - power_);
        return std::sqrt(power_) + kLeast;
    }

private:
    static constexpr float kLeast = 1e-6F;
    float rise_, fall_, power_ = 0;
};

}  // namespace livepusher::effects::dsp

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

/// Makes what is quiet louder, in proportion to the root of its distance to `level`: half the dynamics, for one channel.
struct Compressor {
    dsp::Envelope envelope;
    float level = 0.1F;  ///< what stays as it is: -20 dBFS, as a voice is spoken
    float most = 2;      ///< the most that it is raised by: pauses are left in peace

    float operator()(float in) {
        const float gain = std::sqrt(level / envelope(in));
        return in * (gain < most ? gain : most);
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
