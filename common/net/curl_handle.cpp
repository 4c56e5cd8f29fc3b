// SPDX-License-Identifier: MIT
#include "net/curl_handle.hpp"

#include <cstdint>
#include <vector>

#include "base/log.hpp"
#include "base/read_file.hpp"
#include "net/curl_descriptors.hpp"

namespace livepusher::capture {
namespace {

constexpr long kMaxRedirects = 5;

void initialiseCurl() {
    static const CURLcode done = curl_global_init(CURL_GLOBAL_DEFAULT);
    (void)done;  // curl_easy_init() fails when it did
}

}  // namespace

Easy makeEasy() {
    initialiseCurl();
    return Easy(curl_easy_init());
}

Multi makeMulti() {
    initialiseCurl();
    base::WakeUpPair pair;
    Multi multi(curl_multi_init());
    if (multi) pair.close([&] { curl_multi_wakeup(multi.get()); });
    return multi;
}

void setUpHttp(CURL* easy, const std::string& url, const std::string& caFile, char* detail) {
    const bool secure = url.size() > 5 && (url[4] == 's' || url[4] == 'S');
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, secure ? "https" : "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, kMaxRedirects);
    curl_easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "livepusher");
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, detail);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // a cancel must not wait for the resolver's thread
    curl_easy_setopt(
        easy, CURLOPT_OPENSOCKETFUNCTION, +[](void*, curlsocktype, curl_sockaddr* to) -> curl_socket_t {
            return base::openSocket(to->family, to->socktype, to->protocol);
        });
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    if (caFile.empty()) return;
    auto trusted = base::readCertificates(caFile);  // libcurl itself would read it as long as its disk takes
    if (!trusted) {
        base::log(LogLevel::Error, trusted.error().message);
        trusted = std::vector<std::uint8_t>{'\n'};  // trusts nobody, where TLS is needed
    }
    curl_blob bytes{trusted->data(), trusted->size(), CURL_BLOB_COPY};
    curl_easy_setopt(easy, CURLOPT_CAINFO, nullptr);
    curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &bytes);
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);  // these CAs only, not the system's as well
}

// libcurl's own detail may name where a redirect leads, so only what it says about TLS is passed on.
std::string curlWords(CURLcode code, CURL* easy, const char* detail) {
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    const auto why = *detail != '\0' ? std::string(detail) : std::string(curl_easy_strerror(code));
    switch (code) {
        case CURLE_HTTP_RETURNED_ERROR: return "the server answers with status " + std::to_string(status) + ": must be 200";
        case CURLE_TOO_MANY_REDIRECTS:
            return "redirected more than " + std::to_string(kMaxRedirects) + " times: must be at most " +
                   std::to_string(kMaxRedirects);
        case CURLE_UNSUPPORTED_PROTOCOL:
            return "redirected out of http, or from https to http: must stay in the same or become https";
        case CURLE_URL_MALFORMAT: return "is not a URL that can be read: must be http(s)://HOST/PATH";
        case CURLE_COULDNT_RESOLVE_HOST: return "the host's name can't be resolved";
        case CURLE_COULDNT_RESOLVE_PROXY: return "the proxy's name can't be resolved";
        case CURLE_COULDNT_CONNECT: return "the server refuses the connection or can't be reached";
        case CURLE_PARTIAL_FILE: return "the connection was lost before the file's end";
        case CURLE_GOT_NOTHING: return "the server closed the connection without an answer";
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_CACERT_BADFILE: return "TLS: " + why;
        default: return curl_easy_strerror(code);
    }
}

}  // namespace livepusher::capture
