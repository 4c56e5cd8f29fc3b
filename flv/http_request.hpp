// SPDX-License-Identifier: MIT
#pragma once

#include "net/curl_easy.hpp"

#include <memory>
#include <string>

namespace livepusher::rtmp {

/// Where a stream is posted to.
struct HttpTarget {
    Endpoint endpoint;
    std::string url;             ///< secret
    std::string user, password;  ///< secret; no user: no authorization
    std::string streamKey;       ///< secret: kept out of what the server says
};

using HttpHeaders = std::unique_ptr<curl_slist, void (*)(curl_slist*)>;

/// Makes `easy` a POST of FLV in chunks, over HTTP/1.1, that follows no redirect. What is returned must live as long as
/// the request.
HttpHeaders setUpRequest(CURL* easy, const HttpTarget& target);

}  // namespace livepusher::rtmp
