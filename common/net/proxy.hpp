// SPDX-License-Identifier: MIT
#pragma once

#include "net/curl_easy.hpp"

namespace livepusher::rtmp {

/// The endpoint's proxy, and none besides, whatever the environment says. Through an HTTP proxy everything goes by
/// CONNECT, so that it passes bytes on and reads none.
void setUpProxy(CURL* easy, const Endpoint& endpoint, ConnectLog& log);

/// Why the way through the endpoint's proxy never came to stand: DnsFailed for names that were looked up here, else
/// TcpFailed, with what the proxy said. Permanent: what it refuses for good, such as a wrong password.
Error proxyError(CURL* easy, CURLcode code, const Endpoint& endpoint, const ConnectLog& log);

}  // namespace livepusher::rtmp
