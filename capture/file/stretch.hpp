// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <span>
#include <vector>

struct SwrContext;

namespace livepusher::capture {

/// Makes sound a little longer or shorter, by up to some percent, as a tape that runs slower or faster does: how a sender
/// whose clock differs from ours is followed. Interleaved float. Belongs to one thread.
class Stretch {
public:
    Stretch(int sampleRate, int channels);
    ~Stretch();
    Stretch(const Stretch&) = delete;
    Stretch& operator=(const Stretch&) = delete;

    /// Appends what `samples` become at `factor` (1.05: 5 % more samples); some few of them with the next call.
    void process(std::span<const float> samples, double factor, std::vector<float>& out);

private:
    struct Deleter {
        void operator()(SwrContext* context) const;
    };
    std::unique_ptr<SwrContext, Deleter> context_;
    const int channels_;
    double owed_ = 0;  ///< parts of a sample that were rounded away
};

}  // namespace livepusher::capture
