// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "base/event_fd.hpp"
#include "net/link_statistics.hpp"
#include "net/network_options.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace livepusher::rtmp {

/// One GET over HTTP or HTTPS whose answer goes on for ever, and whose failures have the codes of a push's. Follows at most 5
/// redirects, from https to https only; user and password go to nobody but the first server. Serves its socket while it is
/// called. One thread, but for what is tagged otherwise.
class HttpDownload {
public:
    using Clock = std::chrono::steady_clock;

    struct Request {
        std::string url;             ///< secret
        std::string user, password;  ///< secret; empty: none
        std::string secret;          ///< the part of the url that no text may show
        base::NetworkOptions network{};
        std::chrono::milliseconds connectTimeout{};  ///< DNS, TCP and TLS, of each server
        std::chrono::milliseconds answerTimeout{};   ///< from then on, to the first byte of the body
    };

    /// Who takes what comes, from within the download's calls.
    class Sink {
    public:
        virtual void connected() = 0;  ///< TCP, and TLS, stand with the first server
        /// Of the body of status 200. An error ends the download with it.
        virtual Result<void> body(std::span<const std::uint8_t> bytes) = 0;

    protected:
        ~Sink() = default;
    };

    HttpDownload();
    ~HttpDownload();
    HttpDownload(const HttpDownload&) = delete;
    HttpDownload& operator=(const HttpDownload&) = delete;

    /// Blocks until the body begins. `sink` lives until close(). Errors: DnsFailed, TcpFailed, HandshakeFailed; ServerClosed
    /// (native: the status, or what `nowhere` says of redirects); TransferFailed; Cancelled.
    Result<void> open(const Request& request, Sink& sink, int nowhere);

    /// Hears what there is; where there is nothing, waits for it, for `wake`, or until `until`. False: the body has ended, in
    /// order. Errors: the sink's, TransferFailed, Cancelled.
    Result<bool> turn(Clock::time_point until, const base::EventFd* wake = nullptr);

    void close();
    void cancel();                      ///< sticky; all fails with Cancelled from now on [any-thread]
    LinkStatistics statistics() const;  ///< [any-thread]

private:
    struct Impl;
    const std::unique_ptr<Impl> impl_;
};

}  // namespace livepusher::rtmp
