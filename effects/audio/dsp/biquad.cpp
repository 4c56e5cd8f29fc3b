// SPDX-License-Identifier: MIT
#include "effects/audio/dsp/biquad.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace livepusher::effects::dsp {
namespace {

struct Angle {
    double cosine, alpha;
    Angle(double rate, double hz, double q) {
        const double w = 2 * std::numbers::pi * std::min(hz / rate, 0.45);
        cosine = std::cos(w);
        alpha = std::sin(w) / (2 * q);
    }
};

double amplitude(double decibels) { return std::pow(10.0, decibels / 40); }

constexpr double kShelfQ = 0.7071;  // the steepest slope without a bump

}  // namespace

Biquad::Biquad(double b0, double b1, double b2, double a0, double a1, double a2)
    : b0_(static_cast<float>(b0 / a0)),
      b1_(static_cast<float>(b1 / a0)),
      b2_(static_cast<float>(b2 / a0)),
      a1_(static_cast<float>(a1 / a0)),
      a2_(static_cast<float>(a2 / a0)) {}

Biquad Biquad::lowPass(double rate, double hz, double q) {
    const auto [c, alpha] = Angle(rate, hz, q);
    return {(1 - c) / 2, 1 - c, (1 - c) / 2, 1 + alpha, -2 * c, 1 - alpha};
}

Biquad Biquad::highPass(double rate, double hz, double q) {
    const auto [c, alpha] = Angle(rate, hz, q);
    return {(1 + c) / 2, -(1 + c), (1 + c) / 2, 1 + alpha, -2 * c, 1 - alpha};
}

Biquad Biquad::peak(double rate, double hz, double decibels, double q) {
    const auto [c, alpha] = Angle(rate, hz, q);
    const double a = amplitude(decibels);
    return {1 + alpha * a, -2 * c, 1 - alpha * a, 1 + alpha / a, -2 * c, 1 - alpha / a};
}

Biquad Biquad::lowShelf(double rate, double hz, double decibels) {
    const auto [c, alpha] = Angle(rate, hz, kShelfQ);
    const double a = amplitude(decibels), beta = 2 * std::sqrt(a) * alpha;
    return {a * (a + 1 - (a - 1) * c + beta), 2 * a * (a - 1 - (a + 1) * c), a * (a + 1 - (a - 1) * c - beta),
            a + 1 + (a - 1) * c + beta,       -2 * (a - 1 + (a + 1) * c),    a + 1 + (a - 1) * c - beta};
}

Biquad Biquad::highShelf(double rate, double hz, double decibels) {
    const auto [c, alpha] = Angle(rate, hz, kShelfQ);
    const double a = amplitude(decibels), beta = 2 * std::sqrt(a) * alpha;
    return {a * (a + 1 + (a - 1) * c + beta), -2 * a * (a - 1 + (a + 1) * c), a * (a + 1 + (a - 1) * c - beta),
            a + 1 - (a - 1) * c + beta,       2 * (a - 1 - (a + 1) * c),      a + 1 - (a - 1) * c - beta};
}

}  // namespace livepusher::effects::dsp
