// SPDX-License-Identifier: MIT
#include "net/proxy.hpp"

#include <system_error>

#include "net/proxy_url.hpp"

namespace livepusher::rtmp {

namespace {

struct Refusal {
    const char* words;
    bool permanent = false;
};

// RFC 1928 §3, §6; RFC 1929 §2.
Refusal socksRefusal(CURLproxycode code) {
    switch (code) {
        case CURLPX_NO_AUTH: return {"it wants another way to log in than was offered (no password, or user and password)", true};
        case CURLPX_USER_REJECTED: return {"it refused the user or the password", true};
        case CURLPX_REPLY_NOT_ALLOWED: return {"its rules don't allow this connection", true};
        case CURLPX_REPLY_COMMAND_NOT_SUPPORTED: return {"it does not support CONNECT", true};
        case CURLPX_REPLY_ADDRESS_TYPE_NOT_SUPPORTED: return {"it does not take addresses of this kind", true};
        case CURLPX_LONG_HOSTNAME: return {"the server's name is too long for SOCKS5", true};
        case CURLPX_LONG_USER: return {"the user's name is too long for SOCKS5", true};
        case CURLPX_LONG_PASSWD: return {"the password is too long for SOCKS5", true};
        case CURLPX_REPLY_GENERAL_SERVER_FAILURE: return {"it failed (SOCKS5: general failure)"};
        case CURLPX_REPLY_NETWORK_UNREACHABLE: return {"it can't reach the server's network"};
        case CURLPX_REPLY_HOST_UNREACHABLE: return {"it can't reach the server's host, or does not know its name"};
        case CURLPX_REPLY_CONNECTION_REFUSED: return {"the server refused its connection"};
        case CURLPX_REPLY_TTL_EXPIRED: return {"the server is too many hops away from it"};
        case CURLPX_BAD_VERSION: return {"it does not speak SOCKS5"};
        case CURLPX_CLOSED:
        case CURLPX_RECV_ADDRESS:
        case CURLPX_RECV_AUTH:
        case CURLPX_RECV_CONNECT:
        case CURLPX_RECV_REQACK: return {"it closed the connection instead of answering"};
        default: return {"it broke off the SOCKS5 conversation"};
    }
}

Refusal otherFailure(CURLcode code) {
    if (code == CURLE_OPERATION_TIMEDOUT) return {"it did not answer in time"};
    const bool gone = code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR || code == CURLE_GOT_NOTHING;
    return {gone ? "it closed the connection instead of answering" : "its answer is not a proxy's"};
}

}  // namespace

void setUpProxy(CURL* easy, const std::string& url, ConnectLog& log) {
    const auto proxy = base::ProxyUrl::parse(url);
    curl_easy_setopt(easy, CURLOPT_PROXY, proxy ? proxy->redacted().c_str() : "");  // "": nor one of the environment
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
    if (!proxy) return;
    curl_easy_setopt(easy, CURLOPT_HTTPPROXYTUNNEL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXYAUTH, static_cast<long>(CURLAUTH_BASIC | CURLAUTH_DIGEST));
    curl_easy_setopt(easy, CURLOPT_SOCKS5_AUTH, static_cast<long>(CURLAUTH_BASIC));
    if (proxy->authority.hasUser) {
        curl_easy_setopt(easy, CURLOPT_PROXYUSERNAME, proxy->authority.user.c_str());
        curl_easy_setopt(easy, CURLOPT_PROXYPASSWORD, proxy->authority.password.c_str());
    }
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, static_cast<void*>(&log));
    curl_easy_setopt(
        easy, CURLOPT_HEADERFUNCTION, +[](char* line, std::size_t size, std::size_t count, void* to) {
            const auto status = HttpStatus::parse({line, size * count});
            if (status.code != 0) static_cast<ConnectLog*>(to)->proxyStatus = status;
            return size * count;
        });
}

Error proxyError(CURL* easy, CURLcode code, const std::string& url, const ProxiedServer& server, const ConnectLog& log) {
    const auto proxy = base::ProxyUrl::parse(url);
    if (!proxy) return {Code::TcpFailed, "the proxy's URL can't be read", 0, true};
    const std::string name = "the proxy " + proxy->redacted();
    const std::string refused = name + " made no connection to " + server.where + ": ";
    const bool timedOut = code == CURLE_OPERATION_TIMEDOUT;
    const auto resolved = curlInfo<curl_off_t>(easy, CURLINFO_NAMELOOKUP_TIME_T);
    const auto* peer = curlInfo<const char*>(easy, CURLINFO_PRIMARY_IP);
    const auto socks = curlInfo<long>(easy, CURLINFO_PROXY_ERROR);
    const bool connected = peer && *peer != '\0';  // to the proxy; CURLINFO_CONNECT_TIME waits for its answer
    // libcurl calls a SOCKS proxy a host.
    const bool unresolved = code == CURLE_COULDNT_RESOLVE_PROXY || (code == CURLE_COULDNT_RESOLVE_HOST && !connected);
    if (unresolved || (timedOut && resolved == 0))
        return {Code::DnsFailed, "can't resolve " + name + (timedOut ? ": no answer in time" : "")};
    if (code == CURLE_COULDNT_RESOLVE_HOST || (code == CURLE_PROXY && socks == CURLPX_RESOLVE_HOST))
        return {Code::DnsFailed, "can't resolve " + server.host + "; a socks5h:// proxy would look its name up"};
    if (code == CURLE_COULDNT_CONNECT || (timedOut && !connected)) {
        const int number = lastErrno(easy);
        return {Code::TcpFailed,
                "can't connect to " + name + ": " + (timedOut ? "no answer in time" : std::generic_category().message(number)),
                number};
    }
    if (log.proxyStatus.code != 0 && !log.proxyStatus.isSuccess())
        return {Code::TcpFailed, refused + log.proxyStatus.text({}, proxy->authority.password), 0, log.proxyStatus.isPermanent()};
    const auto refusal = code == CURLE_PROXY ? socksRefusal(static_cast<CURLproxycode>(socks)) : otherFailure(code);
    return {Code::TcpFailed, refused + refusal.words, lastErrno(easy), refusal.permanent};
}

}  // namespace livepusher::rtmp
