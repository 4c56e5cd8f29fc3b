// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "net/network_options.hpp"

namespace livepusher::rtmp {

/// A server to connect to.
struct Endpoint {
    std::string host;  ///< a name or an address, without brackets
    int port = 0;
    bool tls = false;
    base::NetworkOptions network{};
};

}  // namespace livepusher::rtmp
