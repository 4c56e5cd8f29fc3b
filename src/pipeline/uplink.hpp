// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/publisher.hpp"
#include "pipeline/send_queue.hpp"

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace livepusher::pipeline {

// By value: who overrides what does nothing here keeps what it is told.
// NOLINTBEGIN(performance-unnecessary-value-param)

/// Hears of a connection, on the uplink's thread.
class UplinkObserver {
public:
    virtual void transportConnected() {}                        ///< TCP (and TLS) stand
    virtual void connected() {}                                 ///< the server takes the stream, and this uplink carries it
    virtual void keyFrameWanted() = 0;                          ///< the far end can't decode without one
    virtual void lost(Error why) = 0;                           ///< at most once; nothing follows
    virtual void reconnectRequested(rtmp::ReconnectRequest) {}  ///< by the server
    virtual void leftOut(std::string) {}                        ///< what came too late for the line; in words
    /// In place of lost(): the server refuses and sends us there.
    virtual void redirected(std::string /*to*/, Error why) { lost(std::move(why)); }
    virtual void replaced() {}  ///< another has taken over, and this one is closed; nothing follows

protected:
    ~UplinkObserver() = default;
};

// NOLINTEND(performance-unnecessary-value-param)

/// One connection: coded packets from the queue to the server, on a thread of its own. To reconnect, the
/// link replaces the Uplink and keeps the queue; one that is made beside another takes the stream over from it at a key
/// frame.
class Uplink final : rtmp::PublisherObserver {
public:
    Uplink(std::unique_ptr<rtmp::Publisher> publisher, base::Url url, rtmp::PublisherSettings settings, SendQueue& queue,
           UplinkObserver& observer);

    /// Cancels what is still going on and joins.
    ~Uplink();
    Uplink(const Uplink&) = delete;
    Uplink& operator=(const Uplink&) = delete;

    /// After SendQueue::finish(): waits until all is written and the connection is closed in order, `atMost` so
    /// long; then cancels.
    void drain(std::chrono::milliseconds atMost);

    /// Cancels what is still going on, and joins. What a file has failed with meanwhile, which lost() may have told.
    std::optional<Error> end();

    bool carries() const { return carries_; }                                     ///< from connected() on [any-thread]
    rtmp::LinkStatistics statistics() const { return publisher_->statistics(); }  ///< [any-thread]

private:
    using Clock = rtmp::Publisher::Clock;

    void run();
    Result<void> serve();
    Result<bool> connect();
    template <typename Ready>
    Result<bool> await(Ready ready, Clock::time_point until = Clock::time_point::max());

    void transportConnected() override { observer_.transportConnected(); }
    void redirected(const std::string& to) override { redirectedTo_ = to; }
    void reconnectRequested(const rtmp::ReconnectRequest& request) override { observer_.reconnectRequested(request); }
    void leftOut(const std::string& words) override { observer_.leftOut(words); }

    const std::unique_ptr<rtmp::Publisher> publisher_;
    const base::Url url_;
    const rtmp::PublisherSettings settings_;
    SendQueue& queue_;
    UplinkObserver& observer_;
    SendQueue::Outlet outlet_;
    std::string redirectedTo_;    // secret
    std::optional<Error> error_;  // that it has ended with, once the thread is over
    std::atomic<bool> cancelled_{false};
    std::atomic<bool> carries_{false};
    std::promise<void> done_;
    const std::future<void> isDone_ = done_.get_future();
    std::thread thread_;  // last: starts when everything above exists
};

}  // namespace livepusher::pipeline
