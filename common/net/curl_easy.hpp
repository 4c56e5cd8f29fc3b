// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <curl/curl.h>

#include <array>
#include <chrono>
#include <string>

#include "net/endpoint.hpp"
#include "net/http_answer.hpp"

namespace livepusher::rtmp {

/// What libcurl knows of a handle's transfer, in the type that it tells it in.
template <typename Value>
Value curlInfo(CURL* easy, CURLINFO which) {
    Value value{};
    curl_easy_getinfo(easy, which, &value);
    return value;
}

/// A multi handle with one easy handle, both freed together. libcurl is initialised by the first of all.
struct CurlHandles {
    CURLM* multi = nullptr;
    CURL* easy = nullptr;

    CurlHandles() = default;
    ~CurlHandles() { release(); }
    CurlHandles(const CurlHandles&) = delete;
    CurlHandles& operator=(const CurlHandles&) = delete;

    Result<void> make();
    void release();
};

/// What is said while a connection is made: why it failed is read from it.
struct ConnectLog {
    std::array<char, CURL_ERROR_SIZE> detail{};  ///< libcurl's words
    HttpStatus proxyStatus;                      ///< an HTTP proxy's last answer; code 0: none
    bool tlsBegun = false;                       ///< with the server: the way to it, through a proxy too, stands
};

/// Whether a connection will need certificates: one that redirects may lead to TLS does perhaps.
enum class Tls { Never, Perhaps, Always };

/// What every connection of ours has, to push and to fetch alike: no signals, `timeout` for DNS, TCP and TLS together,
/// certificate and host name verified against the options' CAs, the options' proxy and interface, and neither proxy nor
/// exception from the environment. `log` is written to until the connection stands, or the handle goes. Takes the handle's
/// header handler. Errors, permanent: TcpFailed, the machine has no such interface; HandshakeFailed, the CAs can't be read.
Result<void> setUpConnection(CURL* easy, const base::NetworkOptions& network, Tls tls, std::chrono::milliseconds timeout,
                             ConnectLog& log);
inline Result<void> setUpConnection(CURL* easy, const Endpoint& endpoint, std::chrono::milliseconds timeout, ConnectLog& log) {
    return setUpConnection(easy, endpoint.network, endpoint.tls ? Tls::Always : Tls::Never, timeout, log);
}

/// Why it never came to stand. The phase in which it failed decides the code: names, TCP (a proxy is part of it), or TLS.
Error connectError(CURL* easy, CURLcode code, const Endpoint& endpoint, const ConnectLog& log);

/// Whether it was TLS that the certificates ended.
bool isCertificate(CURLcode code);
/// Why TLS was not agreed, with what is to be done about it, and why the interface could not be connected from.
std::string tlsReason(CURL* easy, CURLcode code, const base::NetworkOptions& network, const ConnectLog& log);
std::string interfaceReason(CURLcode code, const base::NetworkOptions& network, const ConnectLog& log);

int lastErrno(CURL* easy);  ///< of the system call that failed, where known

}  // namespace livepusher::rtmp
