// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "net/connection.hpp"
#include "net/line_watch.hpp"
#include "net/link_statistics.hpp"
#include "net/out_queue.hpp"
#include "net/send_meter.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <thread>

namespace livepusher::rtmp {

/// The thread that owns the connection to the server. What librtmp writes into one end of a
/// socketpair is drained here at once into an accounted queue and from there into the network, so a
/// write to the pair never waits for the network; what the server sends goes to a handler.
class Transport {
public:
    struct Handlers {
        /// Bytes from the server. An error ends the connection.  [transport]
        std::function<std::optional<Error>(std::span<const std::uint8_t>)> received;
        /// May put the failure of the connection, or its end, into better words.  [transport]
        std::function<Error(Error)> lost;
        /// The connection is over, failed() tells why. Not after cancel() or finish().  [transport]
        std::function<void()> failed;
    };

    explicit Transport(Handlers handlers);
    ~Transport();
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;

    /// Blocks until TCP, and TLS, stand. Then the end of the socketpair that librtmp gets: it is the caller's.
    /// Errors: DnsFailed, TcpFailed, HandshakeFailed, Cancelled.
    Result<int> open(const Endpoint& endpoint, std::chrono::milliseconds timeout, std::chrono::milliseconds stallTimeout);

    /// The connection fails with `error` unless expect() is called again in time.
    void expect(std::chrono::milliseconds timeout, Error error);
    void expectNothing();

    /// Accounts for a message about to be written to the pair.
    void handOver(std::size_t wireBytes);
    /// Waits while `limit` bytes or more are under way to the kernel. Error: why the connection ended.
    Result<void> waitForRoom(std::size_t limit);

    /// Moves what the pair holds into the queue, so that a short write to it can't block.  [transport]
    void drain();
    /// Passes the server's bytes on to librtmp, for the handshake.  [transport]
    void passOn(std::span<const std::uint8_t> bytes);

    /// Sends all that was handed over, for `timeout` at most, ends the connection in order and joins the thread.
    void finish(std::chrono::milliseconds timeout);

    void cancel();                        ///< sticky; ends everything with Cancelled [any-thread]
    void fail(Error error);               ///< the first error stays [any-thread]
    std::optional<Error> failed() const;  ///< [any-thread]
    LinkStatistics statistics() const;    ///< [any-thread]

private:
    using Clock = std::chrono::steady_clock;

    void run(const Endpoint& endpoint, std::chrono::milliseconds timeout);
    void carry();
    bool finished() const;
    int pollTimeout();
    void watchProgress();
    void receive();
    void send();
    void lost(Error error);
    void wake() const;

    Handlers handlers_;
    int wakeFd_ = -1;
    int cancelFd_ = -1;
    std::array<int, 2> pair_{-1, -1};
    std::atomic<bool> cancelled_{false};

    // Of the thread alone.
    Connection connection_;
    OutQueue queue_;
    bool socketFull_ = false;
    std::chrono::milliseconds stallTimeout_{};
    std::optional<LineWatch> line_;  ///< from the connection on

    mutable std::mutex mutex_;  ///< guards what follows
    std::condition_variable changed_;
    std::optional<Error> failed_;
    bool opened_ = false;
    int socket_ = -1;
    std::string address_;
    mutable SendMeter meter_;
    bool waiting_ = false;
    std::optional<Clock::time_point> deadline_;
    Error onDeadline_;
    std::optional<Clock::time_point> finishBy_;

    std::thread thread_;
};

}  // namespace livepusher::rtmp
