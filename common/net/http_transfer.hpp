// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "net/curl_easy.hpp"

namespace livepusher::capture {

/// What all fetching from http(s) has in common, beside what every connection of ours has: https is never left by a
/// redirect, a status of 400 and more is an error. Errors: SourceFailed, without the URL.
Result<void> setUpHttp(CURL* easy, const std::string& url, const base::NetworkOptions& network,
                       std::chrono::milliseconds connectWithin, rtmp::ConnectLog& log);

/// How a transfer failed, for people, without a word of the URL or of where it was redirected to. `log` is its own.
std::string httpReason(CURL* easy, CURLcode code, const base::NetworkOptions& network, const rtmp::ConnectLog& log);

}  // namespace livepusher::capture
