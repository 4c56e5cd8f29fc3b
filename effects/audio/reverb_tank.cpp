// SPDX-License-Identifier: MIT
#include "effects/audio/reverb_tank.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "effects/audio/reverb_decay.hpp"

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

}  // namespace

ReverbTank::ReverbTank(const Settings& s) {
    // The same treble is lost per turn whatever the rate.
    CombBank bank{s.rate, std::pow(s.damp, kTunedRate / s.rate), {}};
    for (const int length : kCombs) bank.lengths.push_back(samples((length + kSpread * s.channel) * s.size, s.rate));
    if (s.pipeMs > 0) bank.lengths.push_back(samples(s.pipeMs / 1000 * kTunedRate + 0.2 * kSpread * s.channel, s.rate));

    const double rt60 = lowRt60(bank, s.rt60);
    const auto damp = static_cast<float>(bank.damp);
    const auto feedback = [&](std::size_t length) { return static_cast<float>(turnGain(length, rt60, s.rate)); };
    std::array<dsp::Combs::Lane, dsp::Combs::kCount> lanes{};
    for (std::size_t k = 0; k < lanes.size(); ++k) lanes[k] = {bank.lengths[k], feedback(bank.lengths[k])};
    combs_.emplace(lanes, damp);
    if (s.pipeMs > 0) pipe_.emplace(bank.lengths.back(), feedback(bank.lengths.back()), damp);
    // Small rooms keep some length, or the echoes were the allpasses' own ring.
    for (const int length : kAllpasses)
        allpasses_.emplace_back(samples((length + kSpread * s.channel) * std::clamp(s.size, 0.3, 1.2), s.rate), kAllpassGain);
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
