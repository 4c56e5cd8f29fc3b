// SPDX-License-Identifier: MIT
#include "net/tcp_info.hpp"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstddef>
#include <limits>

namespace livepusher::rtmp {

std::optional<TcpInfo> tcpInfo(int socket) {
    tcp_info info{};
    socklen_t size = sizeof info;  // an older kernel fills in less: what it doesn't know stays 0
    if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return std::nullopt;
    const bool measured = info.tcpi_min_rtt != std::numeric_limits<__u32>::max();
    using std::chrono::microseconds;
    return TcpInfo{.state = info.tcpi_state,
                   .rtt = microseconds(info.tcpi_rtt),
                   .minRtt = microseconds(measured ? info.tcpi_min_rtt : 0),
                   .acknowledged = info.tcpi_bytes_acked,
                   .busy = microseconds(info.tcpi_busy_time),
                   .unread = microseconds(info.tcpi_rwnd_limited),
                   .knowsUse = size >= offsetof(tcp_info, tcpi_sndbuf_limited),
                   .waiting = info.tcpi_unacked > 0 || info.tcpi_notsent_bytes > 0};
}

}  // namespace livepusher::rtmp
