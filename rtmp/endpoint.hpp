// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace livepusher::rtmp {

/// A server to connect to.
struct Endpoint {
    std::string host;  ///< a name or an address, without brackets
    int port = 0;
    bool tls = false;
    std::string caFile;  ///< PEM; empty: the system's
};

}  // namespace livepusher::rtmp
