// SPDX-License-Identifier: MIT
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>

namespace livepusher::capture {

struct CurlDeleter {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct CurlEasyDeleter {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using Multi = std::unique_ptr<CURLM, CurlDeleter>;
using Easy = std::unique_ptr<CURL, CurlEasyDeleter>;

/// Null when libcurl can't be initialised. [any-thread]
Easy makeEasy();
Multi makeMulti();

/// What all transfers of http(s) have in common: certificates are verified (with `caFile`, a PEM; empty: the system's
/// CAs), https is never left by a redirect, a status of 400 and more is an error. `detail` has CURL_ERROR_SIZE.
void setUpHttp(CURL* easy, const std::string& url, const std::string& caFile, char* detail);

/// How a transfer failed, for people, without a word of the URL or of where it was redirected to.
std::string curlWords(CURLcode code, CURL* easy, const char* detail);

}  // namespace livepusher::capture
