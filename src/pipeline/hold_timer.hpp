// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>

namespace livepusher::pipeline {

/// Tells whether something has been so for long enough. Pure: time is handed in.
class HoldTimer {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// `is`: whether it is so now.
    bool update(bool is, Time now, std::chrono::milliseconds enough) {
        if (!is) since_.reset();
        if (is && !since_) since_ = now;
        return is && now - *since_ >= enough;
    }
    void restart() { since_.reset(); }

private:
    std::optional<Time> since_;
};

}  // namespace livepusher::pipeline
