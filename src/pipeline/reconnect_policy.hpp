// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "base/reconnect_spec.hpp"
#include "rtmp/publisher.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace livepusher::pipeline {

/// Decides whether and when to try again. Pure: time and chance are handed in.
class ReconnectPolicy {
public:
    using Duration = std::chrono::milliseconds;

    explicit ReconnectPolicy(base::ReconnectSpec spec) : spec_(std::move(spec)) {}

    bool tries() const { return !spec_.delays.empty(); }  ///< false: reconnecting is off

    struct Attempt {
        int number = 0;  ///< from 1
        int of = 0;
        Duration delay{};
        bool nameInUse = false;  ///< waits for the server to let go of the name; costs none of the policy's attempts
    };

    /// The next attempt after `error`; empty when trying again is no use or all are used up.
    /// `chance`: 0..1, evenly spread.
    std::optional<Attempt> afterFailure(const Error& error, double chance) {
        if (error.permanent || !tries()) return std::nullopt;
        const bool nameInUse = error.code == Code::ServerClosed && error.native == rtmp::kNameInUse;
        if (nameInUse && ghosts_ < kGhosts) return Attempt{++ghosts_, kGhosts, kGhostDelay, true};
        // Somebody else's stream, if there was never one of ours that the server could still hold.
        if ((nameInUse && !everPublished_) || used_ >= spec_.delays.size()) return std::nullopt;
        auto delay = spec_.delays[used_];
        if (spec_.jitter) delay = Duration(static_cast<std::int64_t>(static_cast<double>(delay.count()) * (0.8 + 0.4 * chance)));
        if (nameInUse) delay = std::max(delay, kGhostDelay);
        return Attempt{static_cast<int>(++used_), static_cast<int>(spec_.delays.size()), delay, false};
    }

    /// The server takes the stream: what it holds from now on is ours.
    void published() {
        everPublished_ = true;
        ghosts_ = 0;
    }

    /// A connection has been lost that had published for so long: a healthy one starts the count again.
    void afterPublishing(Duration published) {
        if (published >= kHealthy) used_ = 0;
    }

    static constexpr Duration kHealthy{30'000};

private:
    // After a cut that only one side has noticed the server holds the old stream until its own timeout.
    // Asking more often than this only annoys it.
    static constexpr Duration kGhostDelay{2500};
    static constexpr int kGhosts = 12;  // 30 s

    base::ReconnectSpec spec_;
    std::size_t used_ = 0;
    int ghosts_ = 0;
    bool everPublished_ = false;
};

}  // namespace livepusher::pipeline
