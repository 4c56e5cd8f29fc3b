// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "effects/audio/processor.hpp"

namespace livepusher::effects::dsp {

/// Holds sound back by a number of frames and changes nothing else.
class BlockDelay {
public:
    BlockDelay(const AudioFormat& format, std::size_t frames) : held_(frames * static_cast<std::size_t>(format.channels), 0.0F) {}

    void process(std::span<float> block) {
        for (auto& sample : block) {
            if (held_.empty()) return;
            std::swap(sample, held_[at_]);
            if (++at_ == held_.size()) at_ = 0;
        }
    }

private:
    std::vector<float> held_;
    std::size_t at_ = 0;
};

}  // namespace livepusher::effects::dsp
