// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/control_loop.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
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
        const auto epoch = ++*epoch_;
        if (!runs || limit.count() == 0) return;
        control_.postAfter(limit, [this, epoch, limit, life = std::weak_ptr(epoch_)] {
            if (const auto now = life.lock(); now && *now == epoch) onOver_(limit);
        });
    }
    void restart() { runs_ = false; }  ///< the next watch() counts anew

private:
    ControlLoop& control_;
    const std::function<void(std::chrono::seconds)> onOver_;
    const std::shared_ptr<std::uint64_t> epoch_ = std::make_shared<std::uint64_t>(0);  // gone with the limit
    bool runs_ = false;
};

}  // namespace livepusher::pipeline
