// SPDX-License-Identifier: MIT
#pragma once

#include "base/event_fd.hpp"
#include "net/network_options.hpp"
#include "net/transport.hpp"
#include "net/url.hpp"
#include "rtmp/client.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace livepusher::rtmp {

/// What both ends of RTMP have below them: a transport, and over it the newest of their clients. A server that asks for user
/// and password is connected to again, until it takes them.
class RtmpLink {
public:
    using Clock = std::chrono::steady_clock;

    struct Opening {
        const base::Url& url;
        const base::NetworkOptions& network;
        std::chrono::milliseconds connectTimeout, stallTimeout;
        std::function<void()> transportConnected;             ///< of the first connection
        std::function<Client&(const base::Url&)> makeClient;  ///< in place of the one before
    };

    /// Blocks until connect is answered. Errors: as Publisher::open().
    Result<void> open(const Opening& opening);

    Result<void> turn(Clock::time_point until = Transport::kForEver, const base::EventFd* wake = nullptr) {
        return transport_.turn(*client_, until, wake);
    }
    Transport& transport() { return transport_; }
    const Transport& transport() const { return transport_; }

private:
    Result<void> connect(const Opening& opening, const base::Url& url);

    Client* client_ = nullptr;
    Transport transport_;
};

}  // namespace livepusher::rtmp
