// SPDX-License-Identifier: MIT
#pragma once

#include "effects/effect.hpp"

#include <memory>
#include <vector>

namespace livepusher::effects {

/// Effects one after another.
class Chain final : public VideoEffect {
public:
    explicit Chain(std::vector<std::unique_ptr<VideoEffect>> steps);
    void apply(VideoFrame& frame, const VideoTarget& target, const Properties& properties) override;

private:
    std::vector<std::unique_ptr<VideoEffect>> steps_;
};

}  // namespace livepusher::effects
