// SPDX-License-Identifier: MIT
#include "srt/udp_socket.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/errqueue.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>
#include <utility>

namespace livepusher::srt {

namespace {

std::string text(int number) { return std::generic_category().message(number); }

Error noInterface(const std::string& nameOrAddress, const std::string& why, int number) {
    return {Code::TcpFailed, "networkInterface \"" + nameOrAddress + "\": " + why, number, true};
}

std::optional<rtmp::SocketAddress> numeric(const std::string& address, int port) {
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return std::nullopt;
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found, freeaddrinfo);
    rtmp::SocketAddress out;
    std::memcpy(&out.storage, found->ai_addr, found->ai_addrlen);
    out.size = found->ai_addrlen;
    return out;
}

Result<void> bindTo(int fd, int family, const std::string& nameOrAddress) {
    if (nameOrAddress.empty()) return {};
    if (isInterface(nameOrAddress)) {
        if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, nameOrAddress.c_str(), static_cast<socklen_t>(nameOrAddress.size())) == 0)
            return {};
        return noInterface(nameOrAddress, "can't send from this interface: " + text(errno), errno);
    }
    const auto address = localAddress(family, 0, nameOrAddress);
    if (!address) return address.error();
    if (bind(fd, address->get(), address->size) == 0) return {};
    return noInterface(nameOrAddress, "can't send from this address: " + text(errno), errno);
}

void hearErrors(int fd, int family, int on) {
    if (family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
    else
        setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
}

}  // namespace

bool isInterface(const std::string& name) { return if_nametoindex(name.c_str()) != 0; }

Result<rtmp::SocketAddress> localAddress(int family, int port, const std::string& networkInterface) {
    if (!networkInterface.empty() && !isInterface(networkInterface)) {
        auto address = numeric(networkInterface, port);
        if (!address) return noInterface(networkInterface, "neither an address nor an interface of this machine", ENODEV);
        if (address->family() != family)
            return noInterface(networkInterface,
                               family == AF_INET6 ? "the other side has an IPv6 address" : "the other side has an IPv4 address",
                               EAFNOSUPPORT);
        return std::move(*address);
    }
    return *numeric(family == AF_INET6 ? "::" : "0.0.0.0", port);
}

Result<UdpSocket> UdpSocket::make(const rtmp::SocketAddress& to, const std::string& networkInterface) {
    const auto failed = [&](int number) {
        return Error{Code::TcpFailed, "can't connect to " + to.text() + ": " + text(number), number};
    };
    UdpSocket made;
    made.family_ = to.family();
    made.given_ = base::Descriptor(::socket(to.family(), SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!made.given_) return failed(errno);
    const int fd = made.given_.get();
    if (auto bound = bindTo(fd, to.family(), networkInterface); !bound) return bound.error();
    hearErrors(fd, to.family(), 1);
    if (::connect(fd, to.get(), to.size) != 0) return failed(errno);
    made.kept_ = base::Descriptor(fcntl(fd, F_DUPFD_CLOEXEC, 0));
    if (!made.kept_) return failed(errno);
    return made;
}

/// libsrt may go on for a moment, alone.
UdpSocket::~UdpSocket() {
    if (kept_) hearErrors(kept_.get(), family_, 0);
}

int UdpSocket::refusal() const {
    if (!kept_) return 0;
    std::array<char, 64> data;
    alignas(cmsghdr) std::array<char, 512> control;
    iovec part{data.data(), data.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    if (recvmsg(kept_.get(), &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return 0;
    for (auto* header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        const bool ours = (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_RECVERR) ||
                          (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_RECVERR);
        if (!ours) continue;
        sock_extended_err error{};
        std::memcpy(&error, CMSG_DATA(header), sizeof error);
        return static_cast<int>(error.ee_errno);
    }
    return 0;
}

}  // namespace livepusher::srt
