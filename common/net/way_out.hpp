// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace livepusher::rtmp {

/// An address of this machine.
struct LocalAddress {
    std::string interface;
    std::string address;  ///< as numbers
    bool runs = false;    ///< the interface is up and has a carrier
};

std::vector<LocalAddress> localAddresses();

/// The address that a socket is bound to by now; empty: none.
std::string localAddressOf(int socket);

/// Tells whether the address that a connection goes out from, or its interface, is gone. TCP would go on trying from it. Pure.
class WayOut {
public:
    WayOut() = default;
    /// `all`: as long as the connection is well. An address that is not among them, or does not run, is never gone.
    WayOut(const std::string& address, const std::vector<LocalAddress>& all);

    /// What is gone, in words; empty: nothing.
    std::optional<std::string> gone(const std::vector<LocalAddress>& now) const;

private:
    std::string address_;
};

}  // namespace livepusher::rtmp
