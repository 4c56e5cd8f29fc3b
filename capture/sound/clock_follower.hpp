// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "av/resampler.hpp"

namespace livepusher::capture {

/// Lays sound that comes with time stamps on a grid of samples of those stamps' clock: a device whose own clock goes
/// faster or slower is resampled by as little, so that two of them can be summed for hours. One thread at a time.
class ClockFollower {
public:
    explicit ClockFollower(base::AudioFormat format);

    struct Piece {
        std::int64_t at = 0;             ///< the first sample's place on the grid; 0 is the clock's own zero
        std::span<const float> samples;  ///< interleaved, valid until the next call
    };

    /// Empty when nothing comes out yet.
    std::optional<Piece> add(std::span<const float> samples, Timestamp pts);
    std::int64_t placeOf(Timestamp pts) const;  ///< on the grid
    Timestamp timeOf(std::int64_t place) const;

private:
    bool restart(std::int64_t at);

    const base::AudioFormat format_;
    SwrPtr context_;
    std::int64_t next_ = 0;  ///< where what comes out next belongs
    std::int64_t sinceCorrected_ = 0;
    double error_ = 0;  ///< samples that the input is ahead of its place, smoothed
    std::vector<float> out_;
};

}  // namespace livepusher::capture
