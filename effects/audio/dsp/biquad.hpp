// SPDX-License-Identifier: MIT
#pragma once

namespace livepusher::effects::dsp {

/// A filter of second order for one channel; designs after the Audio EQ Cookbook (R. Bristow-Johnson, W3C note).
/// Frequencies in Hz are held below 0.45 of the rate, so that one design serves every rate.
class Biquad {
public:
    static Biquad lowPass(double rate, double hz, double q = 0.7071);
    static Biquad highPass(double rate, double hz, double q = 0.7071);
    static Biquad peak(double rate, double hz, double decibels, double q);
    static Biquad lowShelf(double rate, double hz, double decibels);
    static Biquad highShelf(double rate, double hz, double decibels);

    float operator()(float in) {
        const float out = b0_ * in + z1_;
        z1_ = b1_ * in - a1_ * out + z2_;
        z2_ = b2_ * in - a2_ * out;
        return out;
    }

private:
    Biquad(double b0, double b1, double b2, double a0, double a1, double a2);

    float b0_, b1_, b2_, a1_, a2_;
    float z1_ = 0, z2_ = 0;
};

}  // namespace livepusher::effects::dsp
