// SPDX-License-Identifier: MIT
#include "capture/sound/heard_sides.hpp"

namespace livepusher::capture {
namespace {

// Powers, full scale being 1.
constexpr double kSound = 3.2e-6;  // -55 dB: more than the noise of a room
constexpr double kVoice = 3.2e-5;  // -45 dB: more than the noise of an input that nothing is plugged into
constexpr double kDead = 1e-3;     // -30 dB to the other side: two microphones in a room are nearer
constexpr double kAlive = 1e-2;    // -20 dB
constexpr int kWindowsUntilDead = 20;

}  // namespace

HeardSides::HeardSides(base::AudioFormat format)
    : channels_(format.channels),
      window_(static_cast<std::size_t>(format.sampleRate) / 10),  // 100 ms
      fade_(static_cast<std::size_t>(format.sampleRate) / 20) {}

void HeardSides::reset() {
    energy_ = {};
    inWindow_ = 0;
    deadFor_ = {};
    dead_ = Dead::None;
    begun_ = false;
}

void HeardSides::judge(const float* stereo, std::size_t frames) {
    for (std::size_t i = 0; i < frames; ++i) {
        energy_[0] += double{stereo[2 * i]} * stereo[2 * i];
        energy_[1] += double{stereo[2 * i + 1]} * stereo[2 * i + 1];
        if (++inWindow_ == window_) judgeWindow();
    }
}

void HeardSides::judgeWindow() {
    const auto loudness = [&](std::size_t side) { return energy_[side] / static_cast<double>(window_); };
    for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
        const double own = loudness(side), other = loudness(1 - side);
        const auto name = side == 0 ? Dead::Left : Dead::Right;
        if (own > kVoice && own > other * kAlive) {
            deadFor_[side] = 0;
            if (dead_ == name) dead_ = Dead::None;
        } else if (other > kSound && own < other * kDead && ++deadFor_[side] >= kWindowsUntilDead) {
            dead_ = name;
        }
    }
    energy_ = {};
    inWindow_ = 0;
}

HeardSides::Gains HeardSides::target(MicChannels wanted) const {
    constexpr Gains kStereo{1, 0, 0, 1}, kLeft{1, 0, 1, 0}, kRight{0, 1, 0, 1}, kBoth{0.5F, 0.5F, 0.5F, 0.5F};
    const auto& both = channels_ == 1 ? kBoth : kStereo;
    switch (wanted) {
        case MicChannels::left: return kLeft;
        case MicChannels::right: return kRight;
        case MicChannels::mono: return kBoth;
        case MicChannels::stereo: return both;
        case MicChannels::automatic: break;
    }
    return dead_ == Dead::Right ? kLeft : dead_ == Dead::Left ? kRight : both;
}

void HeardSides::process(const float* stereo, std::size_t frames, MicChannels wanted, std::vector<float>& out) {
    judge(stereo, frames);
    const auto now = [&] {
        const float share = static_cast<float>(faded_) / static_cast<float>(fade_);
        Gains gains;
        for (std::size_t i = 0; i < gains.size(); ++i) gains[i] = from_[i] + (to_[i] - from_[i]) * share;
        return gains;
    };
    const auto aim = target(wanted);
    if (!begun_) {
        from_ = to_ = aim;
        faded_ = fade_;
        begun_ = true;
    } else if (aim != to_) {
        from_ = now();
        to_ = aim;
        faded_ = 0;
    }
    auto gains = now();
    for (std::size_t i = 0; i < frames; ++i) {
        const float left = stereo[2 * i], right = stereo[2 * i + 1];
        out.push_back(gains[0] * left + gains[1] * right);
        if (channels_ == 2) out.push_back(gains[2] * left + gains[3] * right);
        if (faded_ == fade_) continue;
        ++faded_;
        gains = now();
    }
}

}  // namespace livepusher::capture
