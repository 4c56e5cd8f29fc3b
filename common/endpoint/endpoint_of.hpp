// SPDX-License-Identifier: MIT
#pragma once

#include "net/endpoint.hpp"
#include "net/url.hpp"

namespace livepusher::rtmp {

/// The server that a target names, reached as `network` says.
inline Endpoint endpointOf(const base::Url& url, const base::NetworkOptions& network) {
    return {url.host(), url.port(), url.secure(), network};
}

}  // namespace livepusher::rtmp
