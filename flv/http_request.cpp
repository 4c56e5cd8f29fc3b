// SPDX-License-Identifier: MIT
#include "flv/http_request.hpp"

namespace livepusher::rtmp {

namespace {
constexpr long kBlock = 16'384;  // one TLS record; and no more than the kernel should hold unsent
}  // namespace

HttpHeaders setUpRequest(CURL* easy, const HttpTarget& target) {
    HttpHeaders headers(nullptr, curl_slist_free_all);
    // An empty Expect: the stream doesn't wait for a "100 Continue" that many servers never send.
    for (const char* line : {"Transfer-Encoding: chunked", "Content-Type: video/x-flv", "Expect:"})
        headers.reset(curl_slist_append(headers.release(), line));
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(easy, CURLOPT_URL, target.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, target.endpoint.tls ? "https" : "http");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "livepusher/" LIVEPUSHER_VERSION);
    curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, kBlock);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    if (target.user.empty()) return headers;
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    curl_easy_setopt(easy, CURLOPT_USERNAME, target.user.c_str());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, target.password.c_str());
    return headers;
}

}  // namespace livepusher::rtmp
