// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <curl/curl.h>

#include <chrono>

#include "rtmp/endpoint.hpp"

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

/// What every connection of ours has: no proxy, no signals, `timeout` for DNS, TCP and TLS together,
/// certificate and host name verified against the endpoint's CAs. `detail`: CURL_ERROR_SIZE bytes for libcurl's words.
void setUpConnection(CURL* easy, const Endpoint& endpoint, std::chrono::milliseconds timeout, char* detail);

/// Why it never came to stand. The phase in which it failed decides the code: names, TCP, or TLS.
Error connectError(CURL* easy, CURLcode code, const Endpoint& endpoint, const char* detail);

int lastErrno(CURL* easy);  ///< of the system call that failed, where known

}  // namespace livepusher::rtmp
