// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/rate_controller.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace livepusher::pipeline {

/// The rate controllers of those targets that a push's bitrate follows: what the slowest of them carries holds. One target is
/// that target's own controller. Pure, as RateController is.
class Steering {
public:
    using Limits = RateController::Limits;
    using Decision = RateController::Decision;
    using Samples = std::vector<std::pair<std::string, RateController::Sample>>;

    explicit Steering(Limits limits) : limits_(limits), bitrate_(limits.max) {}

    void setLimits(Limits limits);
    /// A target's connection begins: as RateController::connected().
    void connected(const std::string& id);
    void forget();
    /// `samples`: one of each that is connected and steers, by its id; one at least.
    Decision tick(const Samples& samples);
    int bitrate() const { return bitrate_; }  ///< kbps, video

private:
    Limits limits_;
    int bitrate_;
    std::map<std::string, RateController> controllers_;
};

}  // namespace livepusher::pipeline
