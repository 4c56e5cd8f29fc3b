// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <sys/socket.h>

#include <chrono>
#include <string>
#include <vector>

namespace livepusher::rtmp {

/// Where a datagram can be sent.
struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;

    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
    int family() const { return storage.ss_family; }
    std::string text() const;  ///< "192.0.2.1", "2001:db8::1"
};

/// The addresses of a host, a name or an address without brackets, in the order in which the system would have them tried. For
/// what libcurl doesn't connect. Returns at once when `cancelFd` becomes readable. Errors: DnsFailed, Cancelled. [any-thread]
Result<std::vector<SocketAddress>> resolve(const std::string& host, int port, std::chrono::milliseconds timeout, int cancelFd);

}  // namespace livepusher::rtmp
