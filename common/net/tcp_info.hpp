// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace livepusher::rtmp {

/// What the kernel tells of a TCP connection. A file of its own: the C library's struct tcp_info lacks the newer
/// members, and its header and the kernel's exclude each other.
struct TcpInfo {
    int state = 0;                       ///< as <netinet/tcp.h> numbers them
    std::chrono::microseconds rtt{};     ///< smoothed
    std::chrono::microseconds minRtt{};  ///< the least of the last minutes; 0: not known
    std::uint64_t acknowledged = 0;      ///< bytes since the connection began
    std::chrono::microseconds busy{};    ///< with something to carry, since the connection began
    std::chrono::microseconds unread{};  ///< of that, with a shut window: the peer didn't read
    bool knowsUse = false;               ///< the two are told (Linux 4.10 and later)
    bool waiting = false;                ///< there are bytes that are not acknowledged, on the wire or before it
};

/// Empty: not a TCP socket.
std::optional<TcpInfo> tcpInfo(int socket);

}  // namespace livepusher::rtmp
