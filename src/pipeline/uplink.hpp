// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/publisher.hpp"
#include "pipeline/send_queue.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace livepusher::pipeline {

/// One connection: coded packets from the queue to the server, on a thread of its own. To reconnect, the
/// link replaces the Uplink and keeps the queue; one that is made beside another takes the stream over from it at a key
/// frame.
class Uplink {
public:
    struct Output {
        std::function<void()> onTransport;  ///< TCP (and TLS) stand
        std::function<void()> onConnected;  ///< the server takes the stream, and this uplink carries it
        std::function<void()> wantKey;      ///< the far end can't decode without one
        std::function<void(Error)> onLost;  ///< at most once; nothing follows
        std::function<void(rtmp::ReconnectRequest)> onReconnectRequest{};  ///< [transport]
        std::function<void(std::string, Error)> onRedirected{};  ///< in place of onLost: the server refuses and sends us there
        std::function<void()> onReplaced{};  ///< another has taken over, and this one is closed; nothing follows
    };

    Uplink(std::unique_ptr<rtmp::Publisher> publisher, base::Url url, rtmp::PublisherSettings settings, SendQueue& queue,
           Output output);

    /// Cancels what is still going on and joins.
    ~Uplink();
    Uplink(const Uplink&) = delete;
    Uplink& operator=(const Uplink&) = delete;

    /// After SendQueue::finish(): waits until all is written and the connection is closed in order, `atMost` so
    /// long; then cancels.
    void drain(std::chrono::milliseconds atMost);

    /// Cancels what is still going on, and joins. What a file has failed with meanwhile, which onLost may have told.
    std::optional<Error> end();

    bool carries() const { return carries_; }                                     ///< from onConnected on [any-thread]
    rtmp::LinkStatistics statistics() const { return publisher_->statistics(); }  ///< [any-thread]

private:
    void run();
    Result<void> serve();
    Result<void> failure() const;

    const std::unique_ptr<rtmp::Publisher> publisher_;
    const base::Url url_;
    const rtmp::PublisherSettings settings_;
    SendQueue& queue_;
    const Output output_;
    SendQueue::Outlet outlet_;
    std::atomic<bool> cancelled_{false};
    std::atomic<bool> carries_{false};
    std::mutex mutex_;
    std::condition_variable done_;
    bool isDone_ = false;
    std::thread thread_;  // last: starts when everything above exists
};

}  // namespace livepusher::pipeline
