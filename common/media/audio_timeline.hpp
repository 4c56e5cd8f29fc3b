// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/frame_time.hpp"

namespace livepusher::base {

/// Keeps the audio track without gap or overlap: says for each block how much silence goes before
/// it, or how much of it is too late. Pure: time comes with the blocks.
class AudioTimeline {
public:
    explicit AudioTimeline(int sampleRate) : rate_(sampleRate) {}

    void begin(Timestamp at) {
        start_ = at;
        frames_ = 0;
        drift_ = 0;
    }

    /// Time of the next sample to be appended.
    Timestamp position() const { return start_ + lengthOf(frames_, rate_); }

    struct Decision {
        std::size_t silence = 0;  ///< frames to append first
        std::size_t skip = 0;     ///< frames of the block to leave out
    };

    Decision place(Timestamp pts, std::size_t frames) {
        const auto off = (pts - position()).count();
        // Arrival times jitter: a small offset counts only when it stays.
        drift_ += (static_cast<double>(off) - drift_) / 32;
        const bool jump = off > kJump || off < -kJump;
        const bool drifted = drift_ > kDrift || drift_ < -kDrift;
        if (!jump && !drifted) return {};
        drift_ = 0;
        const auto count = static_cast<std::size_t>((off < 0 ? -off : off) * rate_ / 1'000'000);
        return off > 0 ? Decision{.silence = count} : Decision{.skip = std::min(count, frames)};
    }

    void append(std::size_t frames) { frames_ += static_cast<std::int64_t>(frames); }

    /// Frames of silence that reach until `to`.
    std::size_t missing(Timestamp to) const {
        const auto off = (to - position()).count();
        return off <= 0 ? 0 : static_cast<std::size_t>(off * rate_ / 1'000'000);
    }

private:
    static constexpr std::int64_t kJump = 80'000;  // µs
    static constexpr double kDrift = 30'000;       // µs

    const int rate_;
    Timestamp start_{};
    std::int64_t frames_ = 0;
    double drift_ = 0;
};

}  // namespace livepusher::base
