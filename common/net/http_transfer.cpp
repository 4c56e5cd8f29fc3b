// SPDX-License-Identifier: MIT
#include "net/http_transfer.hpp"

#include "media/source_failed.hpp"
#include "net/proxy.hpp"

namespace livepusher::capture {
namespace {

constexpr long kMaxRedirects = 5;

/// Whether the way through the proxy never came to stand, to the server or to where it redirects.
bool failedInProxy(CURL* easy, CURLcode code, const rtmp::ConnectLog& log) {
    const auto answer = rtmp::curlInfo<long>(easy, CURLINFO_HTTP_CONNECTCODE);
    const auto begun = rtmp::curlInfo<curl_off_t>(easy, CURLINFO_PRETRANSFER_TIME_T);
    if (answer != 0 && answer / 100 != 2) return true;
    switch (code) {
        case CURLE_COULDNT_RESOLVE_PROXY:
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_CONNECT:
        case CURLE_PROXY: return true;
        case CURLE_OPERATION_TIMEDOUT:
        case CURLE_RECV_ERROR:
        case CURLE_SEND_ERROR:
        case CURLE_GOT_NOTHING: return !log.tlsBegun && begun == 0;
        default: return false;
    }
}

}  // namespace

Result<void> setUpHttp(CURL* easy, const std::string& url, const base::NetworkOptions& network,
                       std::chrono::milliseconds connectWithin, rtmp::ConnectLog& log) {
    const bool secure = url.size() > 5 && (url[4] == 's' || url[4] == 'S');
    const auto tls = secure ? rtmp::Tls::Always : rtmp::Tls::Perhaps;
    if (const auto possible = rtmp::setUpConnection(easy, network, tls, connectWithin, log); !possible)
        return base::sourceFailed(possible.error().message, possible.error().native);
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, secure ? "https" : "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, kMaxRedirects);
    curl_easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "livepusher");
    return {};
}

// libcurl's own detail may name where a redirect leads, so only what it says about TLS and the way out is passed on.
std::string httpReason(CURL* easy, CURLcode code, const base::NetworkOptions& network, const rtmp::ConnectLog& log) {
    if (!network.proxy.empty() && failedInProxy(easy, code, log))
        return rtmp::proxyError(easy, code, network.proxy, {"the server", "the server"}, log).message;
    const auto status = rtmp::curlInfo<long>(easy, CURLINFO_RESPONSE_CODE);
    switch (code) {
        case CURLE_HTTP_RETURNED_ERROR: return "the server answers with status " + std::to_string(status) + ": must be 200";
        case CURLE_TOO_MANY_REDIRECTS:
            return "redirected more than " + std::to_string(kMaxRedirects) + " times: must be at most " +
                   std::to_string(kMaxRedirects);
        case CURLE_UNSUPPORTED_PROTOCOL:
            return "redirected out of http, or from https to http: must stay in the same or become https";
        case CURLE_URL_MALFORMAT: return "is not a URL that can be read: must be http(s)://HOST/PATH";
        case CURLE_INTERFACE_FAILED: return rtmp::interfaceReason(code, network, log);
        case CURLE_COULDNT_RESOLVE_HOST: return "the host's name can't be resolved";
        case CURLE_COULDNT_CONNECT: return "the server refuses the connection or can't be reached";
        case CURLE_PARTIAL_FILE: return "the connection was lost before the file's end";
        case CURLE_GOT_NOTHING: return "the server closed the connection without an answer";
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_CACERT_BADFILE: return "TLS: " + rtmp::tlsReason(easy, code, network, log);
        default: return curl_easy_strerror(code);
    }
}

}  // namespace livepusher::capture
