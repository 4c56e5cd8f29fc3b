// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "base/event_fd.hpp"
#include "net/network_options.hpp"
#include "net/url.hpp"
#include "srt/socket.hpp"
#include "srt/udp_socket.hpp"

namespace livepusher::srt {

/// Who may connect to a listener: one who names its stream id, where it has one, and nobody beside the first.
class Doorkeeper {
public:
    explicit Doorkeeper(std::string streamId) : streamId_(std::move(streamId)) {}

    void closeDoor() { closed_ = true; }
    /// A reason of SRT's access control; 0: welcome. [any-thread]
    int refuses(const std::string& streamId) const;

private:
    const std::string streamId_;  // secret
    std::atomic<bool> closed_{false};
};

struct Connection {
    std::unique_ptr<Doorkeeper> doorkeeper{};  ///< of a listener, which asks it as long as it lives
    Socket listener{};                         ///< tells others that the stream has its receiver
    UdpSocket udp{};                           ///< of a caller: hears that nobody listens there any more
    Socket socket{};                           ///< connected
    std::string peer{};                        ///< its address
};

/// A connection as `url` says: to who listens there, from who calls, or both ways. Blocks until it stands, as a listener without
/// a limit; until `cancel` is signalled. Errors: DnsFailed, TcpFailed, HandshakeFailed, ServerClosed, InternalFailure, Cancelled.
Result<Connection> connect(const base::Url& url, const base::NetworkOptions& network, std::chrono::milliseconds timeout,
                           const base::EventFd& cancel);

}  // namespace livepusher::srt
