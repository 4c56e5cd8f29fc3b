// SPDX-License-Identifier: MIT
#include "net/transport.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "net/socket.hpp"

namespace livepusher::rtmp {

namespace {

constexpr std::size_t kReadAtOnce = 16'384;
constexpr int kReadsPerTurn = 8;  // a server that never stops sending must not stop us from sending

Error cancelledError() { return {Code::Cancelled, "cancelled"}; }

}  // namespace

Result<void> Transport::connect(const Endpoint& endpoint, std::chrono::milliseconds timeout,
                                std::chrono::milliseconds stallTimeout) {
    forget();
    connection_.reset();
    if (cancelled_) return cancelledError();
    if (cancel_.fd() == -1)
        return Error{Code::TcpFailed, "out of file descriptors: " + std::generic_category().message(EMFILE), EMFILE};
    if (auto connected = connection_.connect(endpoint, timeout, cancel_.fd()); !connected) return connected;
    queue_ = {};
    socketFull_ = mayHoldMore_ = false;
    failed_.reset();
    received_ = 0;
    line_.emplace(connection_.socket(), stallTimeout);
    std::lock_guard lock(mutex_);
    socket_ = connection_.socket();
    address_ = connection_.peerAddress();
    meter_ = {};
    return {};
}

Result<void> Transport::turn(Protocol& protocol, Clock::time_point until, const base::EventFd* wake) {
    if (cancelled_) fail(cancelledError());
    if (!failed_ && !line_) return Error{Code::InvalidState, "there is no connection"};
    if (!failed_)
        if (auto served = serve(protocol, until, wake); !served) fail(served.error());
    if (failed_) return *failed_;
    return {};
}

Result<void> Transport::serve(Protocol& protocol, Clock::time_point until, const base::EventFd* wake) {
    takeOutput(protocol);
    if (const auto timeout = protocol.nextTimeout()) until = std::min(until, *timeout);
    if (line_->waiting()) until = std::min(until, Clock::now() + StallWatch::kEvery);
    // What the server said comes first, and why it went: a send that fails takes the reason with it.
    if (mayHoldMore_ || (!queue_.empty() && !socketFull_)) until = {};
    const auto events = static_cast<short>(POLLIN | (socketFull_ && !queue_.empty() ? POLLOUT : 0));
    std::array<pollfd, 3> fds{
        {{connection_.socket(), events, 0}, {cancel_.fd(), POLLIN, 0}, {wake ? wake->fd() : -1, POLLIN, 0}}};
    poll(fds.data(), fds.size(), base::pollTimeout(until));
    if (fds[1].revents != 0) return cancelledError();
    if (fds[0].revents != 0) socketFull_ = false;
    if ((fds[0].revents & ~POLLOUT) != 0 || mayHoldMore_)
        if (auto received = receive(protocol, true); !received) return received;
    if (const auto timeout = protocol.nextTimeout(); timeout && Clock::now() >= *timeout) return protocol.timedOut();
    takeOutput(protocol);
    if (auto sent = send(protocol); !sent) return sent;
    if (auto error = line_->check(!queue_.empty(), Clock::now())) return protocol.lost(std::move(*error));
    return {};
}

void Transport::takeOutput(Protocol& protocol) {
    auto& output = protocol.output();
    if (output.empty()) return;
    queue_.append(output);
    std::lock_guard lock(mutex_);
    meter_.handedOver(output.size(), Clock::now());
    output.clear();
}

Result<void> Transport::send(Protocol& protocol) {
    while (!socketFull_ && !queue_.empty()) {
        const auto sent = connection_.send(queue_.next());
        if (sent.state == Connection::Transfer::State::Again) {
            socketFull_ = true;
        } else if (sent.state == Connection::Transfer::State::Failed) {
            // The server's reason may have arrived before its end did. Of a reset only this call was told.
            if (auto received = receive(protocol, sent.native != ECONNRESET); !received) return received;
            return protocol.lost(transferError("sending failed", sent.native));
        } else {
            queue_.sent(sent.bytes);
            std::lock_guard lock(mutex_);
            meter_.taken(sent.bytes, Clock::now());
        }
    }
    return {};
}

Result<void> Transport::receive(Protocol& protocol, bool tellsEnd) {
    std::array<std::uint8_t, kReadAtOnce> bytes;
    mayHoldMore_ = false;
    for (int turn = 0; turn < kReadsPerTurn; ++turn) {
        const auto got = connection_.receive(bytes);
        using enum Connection::Transfer::State;
        if (got.state == Again || (got.state != Done && !tellsEnd)) return {};
        if (got.state == Ended) return protocol.lost({Code::ServerClosed, "the server closed the connection"});
        if (got.state == Failed) return protocol.lost(transferError("receiving failed", got.native));
        received_ += got.bytes;
        if (auto taken = protocol.handleInput({bytes.data(), got.bytes}, Clock::now()); !taken) return taken;
    }
    mayHoldMore_ = true;
    return {};
}

Result<void> Transport::waitForRoom(Protocol& protocol, std::size_t limit) {
    while (!failed_ && queued() >= limit) (void)turn(protocol);
    if (failed_) return *failed_;
    return {};
}

void Transport::finish(Protocol& protocol, Clock::time_point deadline) {
    if (line_ && !failed_) (void)flush(protocol);
    while (line_ && !failed_ && queued() > 0 && Clock::now() < deadline) (void)turn(protocol, deadline);
    if (!line_ || failed_ || cancelled_) return reset();
    forget();
    connection_.finish(deadline, cancel_.fd());
    fail({Code::TransferFailed, "the connection is gone"});
}

void Transport::reset() {
    forget();
    connection_.reset();
    fail({Code::TransferFailed, "the connection is gone"});
}

void Transport::forget() {
    line_.reset();
    std::lock_guard lock(mutex_);
    socket_ = -1;
}

void Transport::fail(Error error) {
    if (!failed_) failed_ = std::move(error);
}

std::chrono::milliseconds Transport::roundTrip() const {
    return std::chrono::milliseconds(line_ ? rtmp::roundTrip(connection_.socket()) : 0);
}

void Transport::cancel() {
    if (!cancelled_.exchange(true)) cancel_.signal();
}

LinkStatistics Transport::statistics() const {
    LinkStatistics out;
    std::lock_guard lock(mutex_);
    if (socket_ != -1) addSocketFigures(socket_, out);
    meter_.addTo(out, Clock::now());
    out.bytesReceived = received_;
    out.serverIp = address_;
    return out;
}

}  // namespace livepusher::rtmp
