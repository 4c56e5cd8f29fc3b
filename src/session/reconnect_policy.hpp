// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "endpoint/publisher.hpp"
#include "net/reconnect_spec.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

namespace livepusher::session {

/// Decides whether and when to try again. Pure: time and chance are handed in.
class ReconnectPolicy {
public:
    using Duration = std::chrono::milliseconds;

    explicit ReconnectPolicy(base::ReconnectSpec spec) : spec_(std::move(spec)), afterRefusals_(forAMinute(spec_)) {}

    bool tries() const { return !spec_.delays.empty(); }  ///< false: reconnecting is off
    /// Whether a refusal of that kind ends the push at once: none does once the server has taken the stream.
    bool isFinal(const Error& error) const { return error.permanent && !everPublished(); }

    struct Attempt {
        int number = 0;  ///< from 1
        int of = 0;
        Duration delay{};
        bool nameInUse = false;  ///< waits for the server to let go of the name; costs none of the policy's attempts
    };

    /// The next attempt after `error`; empty when trying again is no use or all are used up.
    /// `chance`: 0..1, evenly spread.
    std::optional<Attempt> afterFailure(const Error& error, double chance) {
        const auto lasted = std::exchange(lasted_, std::nullopt);
        if (isFinal(error) || !tries()) return std::nullopt;
        const bool nameInUse = holdsName(error, lasted);
        if (nameInUse && ghosts_ < kGhosts) return Attempt{++ghosts_, kGhosts, kGhostDelay, true};
        // Somebody else's stream, if there was never one of ours that the server could still hold.
        if (nameInUse && !everPublished()) return std::nullopt;
        // What it refuses in an outage may be the outage: a server that is half up, a portal in its place.
        const bool refused = error.permanent && !lasted;
        const auto& delays = refused ? afterRefusals_ : spec_.delays;
        auto& used = refused ? refusals_ : used_;
        if (used >= delays.size()) return std::nullopt;
        auto delay = delays[used];
        if (spec_.jitter) delay = Duration(static_cast<std::int64_t>(static_cast<double>(delay.count()) * (0.8 + 0.4 * chance)));
        if (nameInUse) delay = std::max(delay, kGhostDelay);
        return Attempt{static_cast<int>(++used), static_cast<int>(delays.size()), delay, false};
    }

    /// The server takes the stream: what it holds from now on is ours.
    void published() { ++published_; }

    /// A connection has been lost that had published for so long: a healthy one starts the count again.
    void afterPublishing(Duration published) {
        lasted_ = published;
        if (published >= kSettled) ghosts_ = 0, refusals_ = 0;
        if (published >= kHealthy) used_ = 0;
    }

    static constexpr Duration kHealthy{30'000};

private:
    bool everPublished() const { return published_ > 0; }

    // Some servers say that a name is taken, some end the connection without a word, before or just after they have said
    // that the stream may begin.
    bool holdsName(const Error& error, std::optional<Duration> lasted) const {
        if (error.code == Code::ServerClosed && error.native == rtmp::kNameInUse) return true;
        if (lasted) return error.native == rtmp::kClosedInSilence && published_ > 1 && *lasted < kSettled;
        return error.native == rtmp::kClosedInSilence && everPublished();
    }

    // The spec's delays, and then as slowly as it gets, until a minute has passed even if chance shortens each.
    static std::vector<Duration> forAMinute(const base::ReconnectSpec& spec) {
        auto delays = spec.delays;
        if (delays.empty()) return delays;
        const auto wanted = spec.jitter ? kRefused * 5 / 4 : kRefused;
        const auto more = std::max(delays.back(), kGhostDelay);
        for (auto sum = std::accumulate(delays.begin(), delays.end(), Duration(0)); sum < wanted; sum += more)
            delays.push_back(more);
        return delays;
    }

    static constexpr Duration kSettled{2'000};
    static constexpr Duration kRefused{60'000};
    // After a cut that only one side has noticed the server holds the old stream until its own timeout.
    // Asking more often than this only annoys it.
    static constexpr Duration kGhostDelay{2500};
    static constexpr int kGhosts = 12;  // 30 s

    base::ReconnectSpec spec_;
    std::vector<Duration> afterRefusals_;
    std::size_t used_ = 0;
    std::size_t refusals_ = 0;
    int ghosts_ = 0;
    int published_ = 0;               ///< how often the server has taken the stream
    std::optional<Duration> lasted_;  ///< of the connection that has just been lost, when it had published
};

}  // namespace livepusher::session
