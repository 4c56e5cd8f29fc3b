// SPDX-License-Identifier: MIT
#include "pipeline/steering.hpp"

#include <algorithm>
#include <optional>

namespace livepusher::pipeline {

void Steering::setLimits(Limits limits) {
    limits_ = limits;
    bitrate_ = std::clamp(bitrate_, limits.min, limits.max);
    for (auto& [id, controller] : controllers_) controller.setLimits(limits);
    if (controllers_.size() == 1) bitrate_ = controllers_.begin()->second.bitrate();
}

void Steering::connected(const std::string& id) {
    auto& begins = controllers_.try_emplace(id, limits_).first->second;
    begins.connected();
    bitrate_ = controllers_.size() == 1 ? begins.bitrate() : std::min(bitrate_, begins.bitrate());
}

void Steering::forget() {
    for (auto& [id, controller] : controllers_) controller.forget();
}

Steering::Decision Steering::tick(const Samples& samples) {
    std::optional<Decision> slowest;
    for (const auto& [id, sample] : samples) {
        const auto [place, isNew] = controllers_.try_emplace(id, limits_);
        if (isNew) place->second.connected();  // long ago, but nobody followed it
        const auto decision = place->second.tick(sample);
        if (!slowest) {
            slowest = decision;
            continue;
        }
        slowest->skip = slowest->skip || decision.skip;
        slowest->bitrate = std::min(slowest->bitrate, decision.bitrate);
        slowest->rate = std::min(slowest->rate, decision.rate);
        slowest->delay = std::max(slowest->delay, decision.delay);
        slowest->lineDelay = std::max(slowest->lineDelay, decision.lineDelay);
    }
    bitrate_ = slowest->bitrate;
    return *slowest;
}

}  // namespace livepusher::pipeline
