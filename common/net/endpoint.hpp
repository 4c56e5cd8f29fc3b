// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace livepusher::rtmp {

/// A server to connect to.
struct Endpoint {
    std::string host;  ///< a name or an address, without brackets
    int port = 0;
    bool tls = false;
    std::string caFile;            ///< PEM; empty: the system's
    std::string proxy;             ///< secret: base::ProxyUrl's text; empty: none
    std::string networkInterface;  ///< to connect from; empty: the system's choice
};

}  // namespace livepusher::rtmp
