// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <curl/curl.h>

#include <array>
#include <chrono>

#include "net/endpoint.hpp"
#include "net/http_answer.hpp"

namespace livepusher::rtmp {

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

/// What every connection of ours has: no signals, `timeout` for DNS, TCP and TLS together, certificate and host name
/// verified against the endpoint's CAs, the endpoint's proxy and interface, and neither proxy nor exception from the
/// environment. `log` is written to until the connection stands, or the handle goes. Takes the handle's header handler.
/// Error, permanent: TcpFailed, the machine has no such interface.
Result<void> setUpConnection(CURL* easy, const Endpoint& endpoint, std::chrono::milliseconds timeout, ConnectLog& log);

/// Why it never came to stand. The phase in which it failed decides the code: names, TCP (a proxy is part of it), or TLS.
Error connectError(CURL* easy, CURLcode code, const Endpoint& endpoint, const ConnectLog& log);

int lastErrno(CURL* easy);  ///< of the system call that failed, where known

}  // namespace livepusher::rtmp
