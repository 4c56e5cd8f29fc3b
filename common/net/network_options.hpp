// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace livepusher::base {

/// What holds for every connection that is made, to push and to fetch alike.
struct NetworkOptions {
    std::string caFile{};            ///< PEM of the CAs to trust; empty: the system's
    std::string proxy{};             ///< secret: ProxyUrl's text; empty: none, whatever the environment says
    std::string networkInterface{};  ///< name or address to connect from; empty: the system's choice
    bool operator==(const NetworkOptions&) const = default;
};

}  // namespace livepusher::base
