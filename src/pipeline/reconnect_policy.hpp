// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "base/reconnect_spec.hpp"

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
    };

    /// The next attempt after `error`; empty when trying again is no use or all are used up.
    /// `chance`: 0..1, evenly spread.
    std::optional<Attempt> afterFailure(const Error& error, double chance) {
        if (error.permanent || used_ >= spec_.delays.size()) return std::nullopt;
        auto delay = spec_.delays[used_];
        // The server may still hold our own ghost for a while: asking twice a second only annoys it.
        const bool nameInUse = error.code == Code::ServerClosed && error.message.find("BadName") != std::string::npos;
        if (nameInUse && delay < kGhostDelay) delay = kGhostDelay;
        if (spec_.jitter) delay = Duration(static_cast<std::int64_t>(static_cast<double>(delay.count()) * (0.8 + 0.4 * chance)));
        return Attempt{static_cast<int>(++used_), static_cast<int>(spec_.delays.size()), delay};
    }

    /// A connection has been lost that had published for so long: a healthy one starts the count again.
    void afterPublishing(Duration published) {
        if (published >= kHealthy) used_ = 0;
    }

private:
    static constexpr Duration kGhostDelay{2500};
    static constexpr Duration kHealthy{30'000};

    base::ReconnectSpec spec_;
    std::size_t used_ = 0;
};

}  // namespace livepusher::pipeline
