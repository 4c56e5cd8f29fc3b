// SPDX-License-Identifier: MIT
#include "effects/audio/reverb_tank.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace livepusher::effects {
namespace {

// Freeverb's lengths, in samples at 44.1 kHz, and what the second channel has more.
constexpr double kTunedRate = 44100;
constexpr std::array<int, dsp::Combs::kCount> kCombs{1116, 1188, 1277, 1356, 1422, 1491, 1557, 1617};
constexpr std::array kAllpasses{556, 441, 341, 225};
constexpr int kSpread = 23;
constexpr float kAllpassGain = 0.5F;

std::size_t samples(double tuned, double rate) {
    return static_cast<std::size_t>(std::max(std::lround(tuned * rate / kTunedRate), 2L));
}

/// Combs that turn one sound beside each other, and lose treble at each turn.
struct CombBank {
    double rate;
    double damp;  ///< of one turn: dsp::Comb's
    std::vector<std::size_t> lengths;
};

/// What a turn of so many samples leaves, for low sound to fall by 60 dB in `rt60` seconds.
double turnGain(std::size_t length, double rt60, double rate) {
    return std::pow(10.0, -3.0 * static_cast<double>(length) / rate / rt60);
}

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

/// The time that low sound must take, for all frequencies together to take `rt60` seconds by Schroeder's measure (the
/// slope from -5 to -35 dB): as treble dies sooner, it is longer.
double lowRt60(const CombBank& bank, double rt60) {
    double low = rt60;
    for (int i = 0; i < 4; ++i) {
        const Decays decays(bank, low);
        const double measured = 2 * (decays.fallenBy(35, low) - decays.fallenBy(5, low));
        low *= rt60 / measured;
    }
    return low;
}

/// The power of what the combs make of white noise of power 1, together.
double noisePower(const CombBank& bank, double rt60) {
    double sum = 0;
    for (const auto length : bank.lengths)
        for (int band = 0; band < kBands; ++band) sum += 1 / (1 - turnPower(bank, length, rt60, band));
    return sum / kBands;
}

}  // namespace

ReverbTank::ReverbTank(const Room& room, double rate, int channel) {
    // The same treble is lost per turn whatever the rate.
    CombBank bank{rate, std::pow(room.damp, kTunedRate / rate), {}};
    for (const int length : kCombs) bank.lengths.push_back(samples((length + kSpread * channel) * room.size, rate));
    if (room.pipeMs > 0) bank.lengths.push_back(samples(room.pipeMs / 1000 * kTunedRate + 0.2 * kSpread * channel, rate));

    const double rt60 = lowRt60(bank, room.rt60);
    const auto damp = static_cast<float>(bank.damp);
    const auto feedback = [&](std::size_t length) { return static_cast<float>(turnGain(length, rt60, rate)); };
    std::array<dsp::Combs::Lane, dsp::Combs::kCount> lanes{};
    for (std::size_t k = 0; k < lanes.size(); ++k) lanes[k] = {bank.lengths[k], feedback(bank.lengths[k])};
    combs_.emplace(lanes, damp);
    if (room.pipeMs > 0) pipe_.emplace(bank.lengths.back(), feedback(bank.lengths.back()), damp);
    // Small rooms keep some length, or the echoes were the allpasses' own ring.
    for (const int length : kAllpasses)
        allpasses_.emplace_back(samples((length + kSpread * channel) * std::clamp(room.size, 0.3, 1.2), rate), kAllpassGain);
    gain_ = static_cast<float>(1 / std::sqrt(noisePower(bank, rt60)));
}

void ReverbTank::process(std::span<const float> in, std::span<float> out) {
    std::fill(out.begin(), out.end(), 0.0F);
    combs_->add(in, out, gain_);
    if (pipe_)
        for (std::size_t i = 0; i < in.size(); ++i) out[i] += gain_ * pipe_->late(in[i]);
    for (auto& allpass : allpasses_) allpass.process(out);
}

}  // namespace livepusher::effects
