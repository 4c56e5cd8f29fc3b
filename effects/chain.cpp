// SPDX-License-Identifier: MIT
#include "effects/chain.hpp"

#include <utility>

namespace livepusher::effects {

Chain::Chain(std::vector<std::unique_ptr<VideoEffect>> steps) : steps_(std::move(steps)) {}

void Chain::apply(VideoFrame& frame, const VideoTarget& target, const Properties& properties) {
    for (auto& step : steps_) step->apply(frame, target, properties);
}

}  // namespace livepusher::effects
