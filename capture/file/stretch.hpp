// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "av/resampler.hpp"

namespace livepusher::capture {

/// Makes sound a little longer or shorter, by up to some percent, as a tape that runs slower or faster does: how a sender
/// whose clock differs from ours is followed. Interleaved float. Belongs to one thread.
class Stretch {
public:
    explicit Stretch(base::AudioFormat format);

    /// Appends what `samples` become at `factor` (1.05: 5 % more samples); some few of them with the next call.
    void process(std::span<const float> samples, double factor, std::vector<float>& out);

private:
    SwrPtr context_;
    const int channels_;
    double owed_ = 0;  ///< parts of a sample that were rounded away
};

}  // namespace livepusher::capture
