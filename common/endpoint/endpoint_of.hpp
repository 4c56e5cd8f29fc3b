// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/publisher.hpp"
#include "net/endpoint.hpp"

namespace livepusher::rtmp {

/// The server that a target names, reached as the settings say.
inline Endpoint endpointOf(const base::Url& url, const PublisherSettings& settings) {
    return {url.host(), url.port(), url.secure(), settings.network};
}

}  // namespace livepusher::rtmp
