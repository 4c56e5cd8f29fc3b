// SPDX-License-Identifier: MIT
#include "net/way_out.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <memory>

namespace livepusher::rtmp {

namespace {

std::string numbers(const sockaddr* address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const void* from = nullptr;
    if (address && address->sa_family == AF_INET) from = &reinterpret_cast<const sockaddr_in*>(address)->sin_addr;
    if (address && address->sa_family == AF_INET6) from = &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
    return from && inet_ntop(address->sa_family, from, text.data(), text.size()) ? text.data() : "";
}

}  // namespace

std::vector<LocalAddress> localAddresses() {
    ifaddrs* first = nullptr;
    if (getifaddrs(&first) != 0) return {};
    const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> all(first, freeifaddrs);
    std::vector<LocalAddress> out;
    for (const ifaddrs* each = first; each; each = each->ifa_next) {
        constexpr unsigned kRuns = IFF_UP | IFF_RUNNING;
        auto text = numbers(each->ifa_addr);
        if (!text.empty()) out.push_back({each->ifa_name, std::move(text), (each->ifa_flags & kRuns) == kRuns});
    }
    return out;
}

std::string localAddressOf(int socket) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    return getsockname(socket, generic, &size) == 0 ? numbers(generic) : "";
}

WayOut::WayOut(const std::string& address, const std::vector<LocalAddress>& all) {
    const auto runs = [&](const LocalAddress& one) { return one.address == address && one.runs; };
    if (!address.empty() && std::ranges::any_of(all, runs)) address_ = address;
}

std::optional<std::string> WayOut::gone(const std::vector<LocalAddress>& now) const {
    if (address_.empty() || now.empty()) return std::nullopt;  // an empty list is a failed look: there is always the loopback
    const LocalAddress* down = nullptr;
    for (const auto& one : now) {
        if (one.address != address_) continue;
        if (one.runs) return std::nullopt;
        down = &one;
    }
    if (down) return "the interface " + down->interface + " is down, which the connection went out by";
    return "the address " + address_ + " is gone, which the connection went out from";
}

}  // namespace livepusher::rtmp
