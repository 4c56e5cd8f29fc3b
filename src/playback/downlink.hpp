// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "endpoint/subscriber.hpp"
#include "net/url.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace livepusher::playback {

// By value: who overrides what does nothing here keeps what it is told.
// NOLINTBEGIN(performance-unnecessary-value-param)

/// Hears of a connection, on its thread.
class DownlinkObserver {
public:
    virtual void transportConnected(std::string /*where*/) {}
    virtual void playing() {}
    virtual void streamBegan() {}
    virtual void publisherLeft() {}
    virtual void trackLeftOut(std::string /*name*/) {}
    virtual void received(Packet packet) = 0;
    virtual void reconnectRequested(rtmp::ReconnectRequest) {}
    /// Where to connect to could not be found out. At most one of these four comes, and nothing follows.
    virtual void unresolved(Error why) = 0;
    virtual void lost(Error why) = 0;
    virtual void redirected(std::string /*to*/, Error why) { lost(std::move(why)); }
    virtual void ended() = 0;  ///< played to the stream's end

protected:
    ~DownlinkObserver() = default;
};

// NOLINTEND(performance-unnecessary-value-param)

/// One connection that a stream is received over, on a thread of its own, which always reads.
class Downlink final : rtmp::SubscriberObserver, rtmp::ReceivedPackets {
public:
    /// Gives the address; may block. Empty: `url` is it.
    using Resolve = std::function<Result<base::Url>()>;
    using MakeSubscriber = std::function<std::unique_ptr<rtmp::Subscriber>(base::Url::Scheme)>;

    Downlink(MakeSubscriber make, base::Url url, Resolve resolve, rtmp::SubscriberSettings settings, DownlinkObserver& observer);
    /// Cancels what is going on, and joins.
    ~Downlink();
    Downlink(const Downlink&) = delete;
    Downlink& operator=(const Downlink&) = delete;

    rtmp::LinkStatistics statistics() const;  ///< [any-thread]

private:
    void run();
    Result<bool> serve();
    Result<void> prepare();

    void transportConnected() override { observer_.transportConnected(url_.redacted()); }
    void playing() override { observer_.playing(); }
    void streamBegan() override { observer_.streamBegan(); }
    void publisherLeft() override { observer_.publisherLeft(); }
    void trackLeftOut(const std::string& name) override { observer_.trackLeftOut(name); }
    void reconnectRequested(const rtmp::ReconnectRequest& request) override { observer_.reconnectRequested(request); }
    void redirected(const std::string& to) override { redirectedTo_ = to; }
    void take(Packet packet) override { observer_.received(std::move(packet)); }

    const MakeSubscriber make_;
    base::Url url_;
    const Resolve resolve_;
    const rtmp::SubscriberSettings settings_;
    DownlinkObserver& observer_;
    const base::EventFd wake_;
    std::string redirectedTo_;  // secret
    bool resolved_ = false;
    mutable std::mutex mutex_;
    std::unique_ptr<rtmp::Subscriber> subscriber_;  // set once
    bool cancelled_ = false;
    std::thread thread_;  // last
};

}  // namespace livepusher::playback
