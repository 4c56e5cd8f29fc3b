// SPDX-License-Identifier: MIT
#include "effects/audio/reverb_decay.hpp"

#include <cmath>
#include <numbers>

namespace livepusher::effects {
namespace {

constexpr int kBands = 32;  // up to half the rate, as wide each

/// The power that one turn leaves of a band: the loop's gain and its low-pass.
double turnPower(const CombBank& bank, std::size_t length, double rt60, int band) {
    const double w = std::numbers::pi * (band + 0.5) / kBands, gain = turnGain(length, rt60, bank.rate);
    const double pass = (1 - bank.damp) * (1 - bank.damp) / (1 - 2 * bank.damp * std::cos(w) + bank.damp * bank.damp);
    return gain * gain * pass;
}

/// Each band of each comb decays as weight * exp(-rate * t); Schroeder's curve is the sum of what is still to come.
struct Decays {
    std::vector<double> speeds;

    Decays(const CombBank& bank, double rt60) {
        for (const auto length : bank.lengths)
            for (int band = 0; band < kBands; ++band)
                speeds.push_back(-std::log(turnPower(bank, length, rt60, band)) * bank.rate / static_cast<double>(length));
    }
    double left(double seconds) const {
        double sum = 0;
        for (const double speed : speeds) sum += std::exp(-speed * seconds) / speed;
        return sum;
    }
    double fallenBy(double decibels, double latest) const {
        const double wanted = left(0) * std::pow(10.0, -decibels / 10);
        double from = 0, to = latest;
        for (int i = 0; i < 12; ++i) {
            const double middle = (from + to) / 2;
            (left(middle) > wanted ? from : to) = middle;
        }
        return (from + to) / 2;
    }
};

}  // namespace

double turnGain(std::size_t length, double rt60, double rate) {
    return std::pow(10.0, -3.0 * static_cast<double>(length) / rate / rt60);
}

double lowRt60(const CombBank& bank, double rt60) {
    double low = rt60;
    for (int i = 0; i < 4; ++i) {
        const Decays decays(bank, low);
        const double measured = 2 * (decays.fallenBy(35, low) - decays.fallenBy(5, low));
        low *= rt60 / measured;
    }
    return low;
}

double noisePower(const CombBank& bank, double rt60) {
    double sum = 0;
    for (const auto length : bank.lengths)
        for (int band = 0; band < kBands; ++band) sum += 1 / (1 - turnPower(bank, length, rt60, band));
    return sum / kBands;
}

}  // namespace livepusher::effects
