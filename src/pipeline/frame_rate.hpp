// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <algorithm>
#include <cstdint>

namespace livepusher::pipeline {

/// Decides which frames of a source go on, so that at most `fps` a second do, and how often one is
/// repeated where a source of constant rate is slower. Pure: time comes with the frames.
class FrameRate {
public:
    /// `sourceFps` 0: not known. A source whose rate wavers is never filled up: a late frame is not a missing one.
    void configure(int fps, double sourceFps, bool constantRate) {
        interval_ = Timestamp(1'000'000 / fps);
        fill_ = constantRate && sourceFps > 0 && sourceFps < fps * 0.98;
        exact_ = constantRate && sourceFps > 0 && sourceFps > fps * 0.98 && sourceFps < fps * 1.02;
        sourceInterval_ = sourceFps > 0 ? Timestamp(static_cast<std::int64_t>(1'000'000 / sourceFps)) : interval_;
        started_ = false;
    }

    struct Decision {
        int repeats = 0;          ///< so often the frame before goes first ...
        Timestamp firstRepeat{};  ///< ... with this time, and `interval` further each
        Timestamp interval{};
        bool take = false;  ///< then this one goes ...
        Timestamp pts{};    ///< ... with this time
    };

    Decision next(Timestamp pts) {
        const bool begins = !started_ || pts > due_ + kPause || pts < due_ - kPause;  // again, after a gap
        if (!begins) sourceInterval_ += (pts - last_ - sourceInterval_) / 16;
        started_ = true;
        last_ = pts;
        if (begins || exact_) {
            due_ = pts + interval_;
            return {.interval = interval_, .take = true, .pts = pts};
        }
        Decision d{.interval = interval_};
        const auto half = interval_ / 2;
        if (fill_) {
            d.firstRepeat = due_;
            while (due_ + half <= pts) {
                ++d.repeats;
                due_ += interval_;
            }
            d.take = pts >= due_ - half;
            d.pts = due_;
            if (d.take) due_ += interval_;
            return d;
        }
        // Half of the shorter interval: jitter neither loses a frame nor takes one too many.
        d.take = pts >= due_ - std::min(half, sourceInterval_ / 2);
        d.pts = pts;
        // A stall is made up for, but a slow source saves up no more than that.
        if (d.take) due_ = std::max(due_ + interval_, pts - kCredit * interval_);
        return d;
    }

private:
    static constexpr Timestamp kPause{1'000'000};
    static constexpr int kCredit = 3;  ///< frames that may come at once after a stall

    Timestamp interval_{33'333};
    Timestamp sourceInterval_{33'333};
    Timestamp due_{};
    Timestamp last_{};
    bool fill_ = false;
    bool exact_ = false;
    bool started_ = false;
};

}  // namespace livepusher::pipeline
