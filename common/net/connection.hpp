// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "net/endpoint.hpp"

namespace livepusher::rtmp {

/// One TCP connection, with TLS on top where wanted, by libcurl: name resolution, IPv6 and IPv4 tried side by
/// side, certificate and host name always verified. Writing to one that is gone raises no
/// signal. One thread.
class Connection {
public:
    Connection();
    ~Connection();  ///< as reset()
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Returns at once when `cancelFd` becomes readable. Errors: DnsFailed, TcpFailed, HandshakeFailed,
    /// Cancelled.
    Result<void> connect(const Endpoint& endpoint, std::chrono::milliseconds timeout, int cancelFd);

    int socket() const;  ///< to poll; -1 when not connected
    std::string peerAddress() const;

    struct Transfer {
        enum class State { Done, Again, Ended, Failed } state{};
        std::size_t bytes = 0;
        int native = 0;  ///< errno of Failed, where known
    };
    Transfer receive(std::span<std::uint8_t> into);
    /// After Again the same bytes must come again: TLS has already begun with them.
    Transfer send(std::span<const std::uint8_t> bytes);

    /// Ends both TLS and TCP in order and waits until the server has ended it too, so that nothing on its way
    /// is lost; at most until `deadline` or until `cancelFd` is readable.
    void finish(std::chrono::steady_clock::time_point deadline, int cancelFd);
    /// Ends TCP at once, by RST: what the server makes of a broken line, not of an orderly end.
    void reset();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace livepusher::rtmp
