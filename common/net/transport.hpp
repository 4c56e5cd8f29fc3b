// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "base/event_fd.hpp"
#include "net/connection.hpp"
#include "net/line_watch.hpp"
#include "net/link_statistics.hpp"
#include "net/out_queue.hpp"
#include "net/protocol.hpp"
#include "net/send_meter.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

namespace livepusher::rtmp {

/// Carries what a protocol says and hears over one connection after the other. It has no thread: whoever calls turn()
/// serves the socket meanwhile. One thread, but for what is tagged otherwise.
class Transport {
public:
    using Clock = std::chrono::steady_clock;
    static constexpr Clock::time_point kForEver = Clock::time_point::max();

    /// Blocks until TCP, and TLS, stand; ends the connection before. `stallTimeout`: what the server may take to acknowledge
    /// something. Errors: DnsFailed, TcpFailed, HandshakeFailed, Cancelled.
    Result<void> connect(const Endpoint& endpoint, std::chrono::milliseconds timeout, std::chrono::milliseconds stallTimeout);

    /// Hears and sends what there is; where there is nothing, waits for it, for `wake`, or until `until`.
    /// Errors, which stay: the protocol's, TransferFailed, ServerClosed, Cancelled; InvalidState without a connection.
    Result<void> turn(Protocol& protocol, Clock::time_point until = kForEver, const base::EventFd* wake = nullptr);
    /// Takes turns while `limit` bytes or more are on their way to the kernel.
    Result<void> waitForRoom(Protocol& protocol, std::size_t limit);
    /// A turn that waits for nothing.
    Result<void> flush(Protocol& protocol) { return turn(protocol, {}); }

    /// Ends the connection: in order, after what is to be sent has been, until `deadline` at most. After a failure by RST.
    void finish(Protocol& protocol, Clock::time_point deadline);
    void reset();  ///< by RST

    bool failed() const { return failed_ || cancelled_; }
    std::chrono::milliseconds roundTrip() const;  ///< smoothed; 0: not known

    void cancel();                                 ///< sticky; all fails with Cancelled from now on [any-thread]
    bool cancelled() const { return cancelled_; }  ///< [any-thread]
    LinkStatistics statistics() const;             ///< of the newest connection [any-thread]

private:
    Result<void> serve(Protocol& protocol, Clock::time_point until, const base::EventFd* wake);
    void takeOutput(Protocol& protocol);
    Result<void> send(Protocol& protocol);
    Result<void> receive(Protocol& protocol, bool tellsEnd);
    std::size_t queued() const { return meter_.queued(); }
    void fail(Error error);
    void forget();

    const base::EventFd cancel_;
    std::atomic<bool> cancelled_{false};
    Connection connection_;
    OutQueue queue_;
    bool socketFull_ = false;
    bool mayHoldMore_ = false;       ///< TLS may have more than poll() sees
    std::optional<LineWatch> line_;  ///< while it is connected
    std::optional<Error> failed_;
    std::atomic<std::uint64_t> received_{0};

    mutable std::mutex mutex_;  ///< guards what follows against statistics()
    int socket_ = -1;
    std::string address_;
    mutable SendMeter meter_;
};

}  // namespace livepusher::rtmp
