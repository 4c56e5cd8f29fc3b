// SPDX-License-Identifier: MIT
#pragma once

#include "media/picture_size.hpp"
#include "pipeline/hold_timer.hpp"

#include <chrono>
#include <optional>
#include <vector>

namespace livepusher::pipeline {

/// Chooses the size of the pushed picture for a bitrate: smaller where each pixel would get too few bits for long,
/// larger again where there are plenty. Pure: time is handed in.
class SizeLadder {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// From `full` down to `least` in steps of a quarter of full's width and height. The step that is in force stays
    /// where it still exists.
    void configure(base::PictureSize full, base::PictureSize least);

    base::PictureSize size() const { return steps_.at(step_); }

    /// True when size() is another now.
    bool tick(int kbps, int fps, Time now);

private:
    std::vector<base::PictureSize> steps_{{}};
    std::size_t step_ = 0;
    HoldTimer poor_, rich_;
    std::optional<Time> changedAt_;
};

}  // namespace livepusher::pipeline
