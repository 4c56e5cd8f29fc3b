// SPDX-License-Identifier: MIT
#include "net/ascii_host.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

namespace livepusher::rtmp {

std::string asciiHost(const std::string& host) {
    if (std::ranges::all_of(host, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) return host;
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url(curl_url(), curl_url_cleanup);
    if (!url || curl_url_set(url.get(), CURLUPART_HOST, host.c_str(), 0) != CURLUE_OK) return host;
    char* text = nullptr;
    if (curl_url_get(url.get(), CURLUPART_HOST, &text, CURLU_PUNYCODE) != CURLUE_OK) return host;
    const std::unique_ptr<char, decltype(&curl_free)> owned(text, curl_free);
    return text;
}

}  // namespace livepusher::rtmp
