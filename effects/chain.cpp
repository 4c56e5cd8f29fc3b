// SPDX-License-Identifier: MIT
#include "effects/chain.hpp"

#include "effects/effects.hpp"
#include "effects/fit.hpp"

#include <utility>

namespace livepusher::effects {

Chain::Chain(std::vector<std::unique_ptr<VideoEffect>> steps) : steps_(std::move(steps)) {}

void Chain::apply(VideoFrame& frame, const VideoTarget& target, const Properties& properties) {
    for (auto& step : steps_) step->apply(frame, target, properties);
}

std::unique_ptr<VideoEffect> makeVideoChain() {
    std::vector<std::unique_ptr<VideoEffect>> steps;
    steps.push_back(makeFit());  // first: all that follows then works on as few pixels as are pushed
    return std::make_unique<Chain>(std::move(steps));
}

}  // namespace livepusher::effects
