// SPDX-License-Identifier: MIT
#pragma once

#include "flv/http_body.hpp"
#include "flv/http_request.hpp"
#include "net/http_answer.hpp"
#include "net/line_watch.hpp"
#include "net/link_statistics.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <thread>
#include <vector>

namespace livepusher::rtmp {

/// One POST whose body lasts as long as the stream, chunk by chunk (RFC 9112 §7.1), by libcurl on a thread of its
/// own. connect(), begin(), send() and finish() belong to one thread.
class HttpUpload {
public:
    /// `failed` is called once, on the thread, when the upload fails after begin(); not after cancel() or finish().
    explicit HttpUpload(std::function<void()> failed);
    ~HttpUpload();
    HttpUpload(const HttpUpload&) = delete;
    HttpUpload& operator=(const HttpUpload&) = delete;

    /// Until TCP, and TLS, stand. Errors: DnsFailed, TcpFailed, HandshakeFailed, Cancelled.
    Result<void> connect(HttpTarget target, std::chrono::milliseconds timeout);
    /// Sends the head of the request, which waits for this; until it is on its way and a server that refuses at once has had the
    /// time to.
    Result<void> begin();

    /// Waits while `limit` bytes or more are under way to the kernel. Error: why the upload ended.
    Result<void> waitForRoom(std::size_t limit);
    void send(std::span<const std::uint8_t> bytes);

    /// Ends the body, waits for the server's answer to it, for `timeout` at most, and joins the thread.
    void finish(std::chrono::milliseconds timeout);

    void cancel();                        ///< sticky; ends everything with Cancelled [any-thread]
    std::optional<Error> failed() const;  ///< [any-thread]
    LinkStatistics statistics() const;    ///< [any-thread]

private:
    using Clock = std::chrono::steady_clock;

    // [upload], in http_upload_thread.cpp
    void setHandlers();  ///< before the thread begins
    void run();
    void transfer();
    bool step();
    int pollTimeout();
    bool serverHasGone();
    bool lineIsLost();
    void conclude(CURLcode code);
    Error lost(CURLcode code) const;
    void takeStatus(const HttpStatus& status);
    std::size_t read(std::span<char> into);
    std::size_t readHeader(std::string_view line);
    int connected(const char* address);
    void opened(int socket);
    void closing(int socket);

    int socket() const;  ///< locked; -1: not connected
    void fail(Error error);
    void wake();

    const std::function<void()> notify_;
    HttpTarget target_;
    ConnectLog log_;
    HttpHeaders headers_{nullptr, curl_slist_free_all};
    CurlHandles curl_;
    Result<void> made_;

    // Of the thread alone.
    std::size_t headerBytes_ = 0;  ///< of the answer
    bool paused_ = false;
    bool peerEnded_ = false;
    int socketError_ = 0;
    int turnsSinceEnd_ = 0;
    std::optional<LineWatch> line_;  ///< from the connection on
    HttpStatus status_;

    mutable std::mutex mutex_;  ///< guards what follows
    std::condition_variable changed_;
    mutable HttpBody body_;
    std::vector<int> sockets_;
    std::string address_;
    bool connected_ = false;
    bool mayBegin_ = false;  // begin() has been called
    bool headSent_ = false;
    bool begun_ = false;
    bool bodyEnded_ = false;
    bool cancelled_ = false;
    std::optional<Error> failed_;
    std::optional<Clock::time_point> finishBy_;

    std::thread thread_;
};

}  // namespace livepusher::rtmp
