// SPDX-License-Identifier: MIT
#pragma once

#include "base/time_budget.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace livepusher::pipeline {

/// What to do when encoding takes longer than there is time, from how long each frame takes: a faster preset for each second
/// of too much, and back after longer and longer times of plenty. Belongs to the video thread.
class EncoderLoad {
public:
    struct Change {
        bool less;         ///< the encoder is to have less work
        std::string text;  ///< for the log
    };
    /// The work begins anew with the preset that was asked for.
    void begin(const std::string& preset);
    /// One frame took `cost`. What changes, if anything does.
    std::optional<Change> frame(std::chrono::microseconds cost, int fps);

    std::string preset() const;  ///< the one to encode with
    int percent() const;         ///< of the time from frame to frame that encoding takes

private:
    std::string preset_;
    base::TimeBudget budget_{{.tooMuch = 0.8, .plenty = 0.3, .steps = 0}};
    bool toldExhausted_ = false;
};

}  // namespace livepusher::pipeline
