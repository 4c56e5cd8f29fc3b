// SPDX-License-Identifier: MIT
#include "net/network_interface.hpp"

#include <net/if.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>

namespace livepusher::rtmp {

namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

Addresses numeric(const std::string& text) {
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(text.c_str(), nullptr, &hints, &found) != 0) found = nullptr;
    return {found, freeaddrinfo};
}

std::string allNames() {
    std::string names;
    if (struct if_nameindex* const all = if_nameindex()) {
        for (const struct if_nameindex* each = all; each->if_index != 0; ++each)
            names += (names.empty() ? "" : ", ") + std::string(each->if_name);
        if_freenameindex(all);
    }
    return names;
}

// 0: this machine has the address; else errno.
int tryBinding(const addrinfo& address) {
    const int fd = socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd == -1) return errno;
    const int number = bind(fd, address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
    ::close(fd);
    return number;
}

}  // namespace

Result<std::string> interfaceOption(const std::string& nameOrAddress) {
    const std::string subject = "networkInterface \"" + nameOrAddress + "\": ";
    if (if_nametoindex(nameOrAddress.c_str()) != 0) return "if!" + nameOrAddress;
    if (const auto address = numeric(nameOrAddress)) {
        const int number = tryBinding(*address);
        if (number == 0) return "host!" + nameOrAddress;
        return Error{Code::TcpFailed, subject + "can't connect from this address: " + std::generic_category().message(number),
                     number, true};
    }
    return Error{Code::TcpFailed, subject + "neither an address nor an interface of this machine, which has " + allNames(),
                 ENODEV, true};
}

}  // namespace livepusher::rtmp
