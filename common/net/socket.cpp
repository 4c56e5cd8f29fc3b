// SPDX-License-Identifier: MIT
#include "net/socket.hpp"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "net/tcp_info.hpp"

namespace livepusher::rtmp {

namespace {

constexpr int kTcpRtoMaxMs = 44;  // TCP_RTO_MAX_MS of <linux/tcp.h>, which Debian 12's headers lack

void set(int socket, int level, int name, int value) { setsockopt(socket, level, name, &value, sizeof value); }

int milliseconds(std::chrono::microseconds time) { return static_cast<int>((time.count() + 500) / 1000); }

}  // namespace

void tuneSocket(int socket) {
    set(socket, IPPROTO_TCP, TCP_NODELAY, 1);
    set(socket, IPPROTO_TCP, TCP_QUICKACK, 1);
    set(socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, 16 * 1024);
    set(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, 15'000);
    // After some seconds without an answer TCP tries again only every few seconds, and notices as late that the line is
    // back. Linux 6.15 and later take a bound for that; others refuse the option and stay as they are.
    set(socket, IPPROTO_TCP, kTcpRtoMaxMs, 1000);
    set(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
    set(socket, IPPROTO_TCP, TCP_KEEPIDLE, 15);
    set(socket, IPPROTO_TCP, TCP_KEEPINTVL, 5);
    set(socket, IPPROTO_TCP, TCP_KEEPCNT, 3);
}

void acknowledgeAtOnce(int socket) { set(socket, IPPROTO_TCP, TCP_QUICKACK, 1); }

void resetOnClose(int socket) {
    const linger now{1, 0};
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

PeerState peerState(int socket) {
    const auto info = tcpInfo(socket);
    if (!info || info->state == TCP_CLOSE) return PeerState::Gone;
    return info->state == TCP_CLOSE_WAIT ? PeerState::Ended : PeerState::Open;
}

int takeError(int socket) {
    int number = 0;
    socklen_t size = sizeof number;
    return getsockopt(socket, SOL_SOCKET, SO_ERROR, &number, &size) == 0 ? number : 0;
}

int roundTrip(int socket) {
    const auto info = tcpInfo(socket);
    return info ? milliseconds(info->rtt) : 0;
}

void addSocketFigures(int socket, LinkStatistics& out) {
    const auto queued = [&](unsigned long which) {
        int bytes = 0;
        return ioctl(socket, which, &bytes) == 0 ? static_cast<std::uint64_t>(std::max(bytes, 0)) : 0;
    };
    const auto unacknowledged = queued(SIOCOUTQ);  // first: what is acknowledged in between then only makes the difference small
    out.bytesUnsent = std::min(queued(SIOCOUTQNSD), unacknowledged);
    out.bytesInFlight = unacknowledged - out.bytesUnsent;
    const auto info = tcpInfo(socket);
    if (!info) return;
    out.rtt = milliseconds(info->rtt);
    out.minRtt = milliseconds(info->minRtt);
    if (info->knowsUse) out.use = LineUse{info->busy, info->unread};
}

Error transferError(const char* what, int number) {
    std::string text = what;
    if (number == ETIMEDOUT)
        text = "the server acknowledged nothing for 15 s";
    else if (number != 0)
        text += ": " + std::generic_category().message(number);
    return {Code::TransferFailed, std::move(text), number};
}

}  // namespace livepusher::rtmp
