// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "capture/sound/clock_follower.hpp"

namespace livepusher::capture {

/// Sums two inputs by their time stamps. What comes out has no gap while either goes on: who is late is waited for a
/// little, who is silent not at all. Pure: time comes by hand. One thread at a time.
class SoundMixer {
public:
    static constexpr std::size_t kInputs = 2;

    explicit SoundMixer(base::AudioFormat format);

    void add(std::size_t input, std::span<const float> samples, Timestamp pts, Timestamp at);

    struct Block {
        std::vector<float> samples;  ///< 10 ms, interleaved; a sum may go beyond 1
        Timestamp pts{};
    };
    /// To be called until it is empty.
    std::optional<Block> take(Timestamp at);

private:
    struct Input {
        ClockFollower follower;
        std::int64_t end = 0;  ///< behind its last sample
        Timestamp heard{};     ///< when something came of it
        bool any = false;
    };

    const std::size_t width_;
    const std::int64_t block_;  ///< samples
    std::array<Input, kInputs> inputs_;
    std::vector<float> sum_;  ///< from `done_` on
    std::int64_t done_ = 0;   ///< all before has come out
    bool begun_ = false;
};

}  // namespace livepusher::capture
