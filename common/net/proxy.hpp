// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "net/curl_easy.hpp"

namespace livepusher::rtmp {

/// That proxy (empty: none), and none besides, whatever the environment says. Through an HTTP proxy everything goes by
/// CONNECT, so that it passes bytes on and reads none.
void setUpProxy(CURL* easy, const std::string& url, ConnectLog& log);

/// Who was to be reached through a proxy, for messages.
struct ProxiedServer {
    std::string host, where;  ///< "live.example", "live.example:443"
};

/// Why the way through the proxy never came to stand: DnsFailed for names that were looked up here, else
/// TcpFailed, with what the proxy said. Permanent: what it refuses for good, such as a wrong password.
Error proxyError(CURL* easy, CURLcode code, const std::string& url, const ProxiedServer& server, const ConnectLog& log);

}  // namespace livepusher::rtmp
