// SPDX-License-Identifier: MIT
#include "rtmp/tcp_info.hpp"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <limits>

namespace livepusher::rtmp {

std::optional<TcpInfo> tcpInfo(int socket) {
    tcp_info info{};
    socklen_t size = sizeof info;  // an older kernel fills in less: what it doesn't know stays 0
    if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return std::nullopt;
    const bool measured = info.tcpi_min_rtt != std::numeric_limits<__u32>::max();
    return TcpInfo{info.tcpi_state, std::chrono::microseconds(info.tcpi_rtt),
                   std::chrono::microseconds(measured ? info.tcpi_min_rtt : 0), info.tcpi_bytes_acked,
                   info.tcpi_unacked > 0 || info.tcpi_notsent_bytes > 0};
}

}  // namespace livepusher::rtmp
