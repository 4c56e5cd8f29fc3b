// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/control_loop.hpp"
#include "pipeline/events.hpp"
#include "pipeline/reconnect_policy.hpp"
#include "pipeline/uplink.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <random>

namespace livepusher::pipeline {

/// Keeps one target connected: an Uplink, and another after it when it is lost, as the policy
/// says. Tells the application what happens (1001, 1002, 1102, 3001..3005, -1307). Belongs to the control thread.
class Link {
public:
    struct Output {
        std::function<void()> onPublishing;   ///< again after each reconnect
        std::function<void()> onInterrupted;  ///< trying again
        std::function<void(Error)> onGaveUp;  ///< at most once; the cause
        std::function<void()> wantKey;        ///< [uplink]
    };
    using MakePublisher = std::function<std::unique_ptr<rtmp::Publisher>(base::Url::Scheme)>;

    Link(MakePublisher makePublisher, base::Url url, rtmp::PublisherSettings settings, base::ReconnectSpec reconnect,
         SendQueue& queue, ControlLoop& control, Events& events, Output output);

    /// After SendQueue::finish(): ends in order, in `atMost` or a little more.
    void drain(std::chrono::milliseconds atMost);

    rtmp::LinkStatistics statistics() const;  ///< totals of all connections so far
    int reconnects() const { return reconnects_; }
    bool publishing() const { return publishedAt_.has_value(); }

private:
    void connect();
    void published();
    void lost(const Error& error);
    /// Posts a report of the present uplink to control; dropped when another has taken its place.
    template <typename Handle>
    auto report(Handle handle);

    const MakePublisher makePublisher_;
    const base::Url url_;
    const rtmp::PublisherSettings settings_;
    ReconnectPolicy policy_;
    SendQueue& queue_;
    ControlLoop& control_;
    Events& events_;
    const Output output_;
    std::mt19937 random_{std::random_device{}()};
    const std::shared_ptr<std::uint64_t> epoch_ = std::make_shared<std::uint64_t>(0);  // gone with the link
    std::optional<ControlLoop::Clock::time_point> publishedAt_;
    bool everPublished_ = false;
    bool gaveUp_ = false;
    int reconnects_ = 0;
    std::uint64_t bytesBefore_ = 0;  // sent by the connections that are over
    std::unique_ptr<Uplink> uplink_;
};

}  // namespace livepusher::pipeline
