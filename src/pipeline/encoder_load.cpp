// SPDX-License-Identifier: MIT
#include "pipeline/encoder_load.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace livepusher::pipeline {

namespace {

constexpr std::array<std::string_view, 7> kPresets{"ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow"};

int placeOf(const std::string& preset) { return static_cast<int>(std::ranges::find(kPresets, preset) - kPresets.begin()); }

}  // namespace

void EncoderLoad::begin(const std::string& preset) {
    preset_ = preset;
    budget_ = base::TimeBudget({.tooMuch = 0.8, .plenty = 0.3, .steps = placeOf(preset)});
    toldExhausted_ = false;
}

std::string EncoderLoad::preset() const {
    return std::string(kPresets[static_cast<std::size_t>(placeOf(preset_) - budget_.step())]);
}

int EncoderLoad::percent() const { return static_cast<int>(std::lround(100 * budget_.share())); }

std::optional<EncoderLoad::Change> EncoderLoad::frame(std::chrono::microseconds cost, int fps) {
    const int before = budget_.step();
    const auto takes = [this] { return "encoding takes " + std::to_string(percent()) + " % of the time from frame to frame"; };
    if (budget_.frame(cost, std::chrono::microseconds(1'000'000 / fps)))
        return Change{budget_.step() > before,
                      takes() + ": preset " + preset() + (preset() == preset_ ? "" : " in place of " + preset_)};
    if (!budget_.exhausted()) {
        if (budget_.share() < 0.8) toldExhausted_ = false;
        return std::nullopt;
    }
    if (std::exchange(toldExhausted_, true)) return std::nullopt;
    return Change{true, takes() + ", with the fastest preset: frames are left out; lower fps or the size"};
}

}  // namespace livepusher::pipeline
