// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/control_loop.hpp"
#include "pipeline/events.hpp"
#include "pipeline/reconnect_policy.hpp"
#include "pipeline/redirects.hpp"
#include "pipeline/uplink.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>

namespace livepusher::pipeline {

/// Keeps one target connected: an Uplink, and another after it when it is lost, as the policy says, or beside it when
/// the server asks for that. Tells the application what happens (1001, 1002, 1102, 3001..3005, -1307). Belongs to the
/// control thread.
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
    struct Connection {
        std::uint64_t id = 0;
        base::Url url;
        std::unique_ptr<Uplink> uplink;
        int hops = 0;             ///< how often servers have sent us on to come here
        std::string sentBy = {};  ///< the last of them, for people
        explicit operator bool() const { return uplink != nullptr; }
    };

    Connection connect(base::Url url);
    void reached(const Connection& connection);
    void connected(std::uint64_t id);
    void published();
    void failed(std::uint64_t id, const Error& error);
    void lost(const Error& error);
    void redirected(std::uint64_t id, const std::string& to, const Error& error);
    void tryAgain(const ReconnectPolicy::Attempt& attempt);
    void asked(std::uint64_t id, rtmp::ReconnectRequest request);
    void follow(const rtmp::ReconnectRequest& request);
    void stay(const std::string& why);
    void end(Connection& connection);
    ReconnectPolicy::Duration publishedFor() const;
    /// Posts a report of an uplink to control; dropped when the link is gone.
    template <typename Handle>
    auto report(Handle handle);

    const MakePublisher makePublisher_;
    const base::Url url_;
    const rtmp::PublisherSettings settings_;
    ReconnectPolicy policy_;
    Redirects redirects_;
    SendQueue& queue_;
    ControlLoop& control_;
    Events& events_;
    const Output output_;
    std::mt19937 random_{std::random_device{}()};
    Lifetime alive_;  // while reports and timers count
    std::uint64_t lastId_ = 0;
    std::optional<ControlLoop::Clock::time_point> publishedAt_;
    std::optional<rtmp::ReconnectRequest> request_;  // of next_, which does not carry the stream yet
    base::Url lastServer_;                           // that has taken the stream
    bool everPublished_ = false;
    int reconnects_ = 0;
    std::uint64_t bytesBefore_ = 0;  // sent by the connections that are over

    Connection leaving_;  // has handed the stream over and says goodbye
    Connection line_;     // carries the stream, or is to
    Connection next_;     // where the server asks us to go; takes over from line_
};

}  // namespace livepusher::pipeline
