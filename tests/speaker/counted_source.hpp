// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <span>

#include "speaker/speaker.hpp"

namespace livepusher::speaker::test {

/// Fills each frame with its number, and notices when two take at once or one comes after it was forbidden.
class CountedSource final : public SampleSource {
public:
    void fill(std::span<float> samples) override {
        if (inside_.exchange(true)) broken = true;
        if (forbidden) broken = true;
        for (std::size_t i = 0; i < samples.size(); i += 2) samples[i] = samples[i + 1] = static_cast<float>(frames++ % 65536);
        inside_ = false;
    }

    std::atomic<std::int64_t> frames{0};
    std::atomic<bool> forbidden{false};
    std::atomic<bool> broken{false};

private:
    std::atomic<bool> inside_{false};
};

}  // namespace livepusher::speaker::test
