// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/control_loop.hpp"

#include <chrono>
#include <functional>
#include <utility>

namespace livepusher::pipeline {

/// Calls back once something has gone on for too long. Belongs to the control thread.
class TimeLimit {
public:
    TimeLimit(ControlLoop& control, std::function<void(std::chrono::seconds)> onOver)
        : control_(control), onOver_(std::move(onOver)) {}

    /// Counts from the first time that `runs` is true to the first that it is not. `limit` zero: never over.
    void watch(bool runs, std::chrono::seconds limit) {
        if (runs == runs_) return;
        runs_ = runs;
        running_.renew();
        if (!runs || limit.count() == 0) return;
        control_.postAfter(limit, running_.guard([this, limit] { onOver_(limit); }));
    }
    void restart() { runs_ = false; }  ///< the next watch() counts anew

private:
    ControlLoop& control_;
    const std::function<void(std::chrono::seconds)> onOver_;
    bool runs_ = false;
    Lifetime running_;
};

}  // namespace livepusher::pipeline
