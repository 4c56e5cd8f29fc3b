// SPDX-License-Identifier: MIT
#include "net/transport.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/thread.hpp"
#include "net/socket.hpp"

namespace livepusher::rtmp {

namespace {

constexpr int kPairBuffer = 16'384;  // what hides here is in no queue's figures
constexpr std::size_t kReadAtOnce = 16'384;
constexpr int kReadsPerTurn = 8;  // a server that never stops sending must not stop us from sending

Error cancelledError() { return {Code::Cancelled, "cancelled"}; }

void signalFd(int fd) {
    const std::uint64_t one = 1;
    while (write(fd, &one, sizeof one) == -1 && errno == EINTR) {
    }
}

void closeFd(int& fd) {
    if (fd != -1) ::close(fd);
    fd = -1;
}

}  // namespace

Transport::Transport(Handlers handlers)
    : handlers_(std::move(handlers)),
      wakeFd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      cancelFd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Transport::~Transport() {
    cancel();
    if (thread_.joinable()) thread_.join();
    closeFd(pair_[0]);
    closeFd(wakeFd_);
    closeFd(cancelFd_);
}

Result<int> Transport::open(const Endpoint& endpoint, std::chrono::milliseconds timeout, std::chrono::milliseconds stallTimeout) {
    if (wakeFd_ == -1 || cancelFd_ == -1 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair_.data()) == -1)
        return Error{Code::TcpFailed, "out of file descriptors: " + std::generic_category().message(errno), errno};
    setsockopt(pair_[1], SOL_SOCKET, SO_SNDBUF, &kPairBuffer, sizeof kPairBuffer);
    stallTimeout_ = stallTimeout;
    auto thread = base::startThread("transport", [this, endpoint, timeout] { run(endpoint, timeout); });
    if (!thread) {
        closeFd(pair_[1]);
        return thread.error();
    }
    thread_ = std::move(*thread);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return opened_ || failed_; });
    if (!opened_) {
        closeFd(pair_[1]);
        return *failed_;
    }
    return std::exchange(pair_[1], -1);
}

void Transport::run(const Endpoint& endpoint, std::chrono::milliseconds timeout) {
    blockSigpipe();
    auto connected = base::attempt([&] { return connection_.connect(endpoint, timeout, cancelFd_); });
    if (!connected) return fail(connected.error());
    {
        std::lock_guard lock(mutex_);
        opened_ = true;
        socket_ = connection_.socket();
        address_ = connection_.peerAddress();
    }
    changed_.notify_all();
    line_.emplace(connection_.socket(), stallTimeout_);
    if (const auto carried = base::attempt([this] { carry(); }); !carried) fail(carried.error());

    shutdown(pair_[0], SHUT_RDWR);  // lets go whoever waits in librtmp
    std::optional<Clock::time_point> finishBy;
    bool tell = false;
    {
        std::lock_guard lock(mutex_);
        socket_ = -1;
        tell = failed_ && failed_->code != Code::Cancelled && !finishBy_;
        if (!failed_) finishBy = finishBy_;
    }
    if (finishBy)
        connection_.finish(*finishBy, cancelFd_);
    else
        connection_.reset();
    if (tell) handlers_.failed();
}

void Transport::carry() {
    while (!failed() && !finished()) {
        const auto socketEvents = static_cast<short>(POLLIN | (socketFull_ && !queue_.empty() ? POLLOUT : 0));
        std::array<pollfd, 4> fds{
            {{connection_.socket(), socketEvents, 0}, {pair_[0], POLLIN, 0}, {wakeFd_, POLLIN, 0}, {cancelFd_, POLLIN, 0}}};
        poll(fds.data(), fds.size(), pollTimeout());
        if (fds[3].revents != 0) return fail(cancelledError());
        if (fds[2].revents != 0) {
            std::uint64_t count = 0;
            if (read(wakeFd_, &count, sizeof count) == -1) continue;  // only ever "nothing there"
        }
        if (fds[0].revents != 0) socketFull_ = false;
        if ((fds[0].revents & ~POLLOUT) != 0) receive();
        drain();
        send();
        watchProgress();
    }
}

void Transport::watchProgress() {
    if (auto error = line_->check(!queue_.empty(), Clock::now())) lost(std::move(*error));
}

bool Transport::finished() const {
    std::lock_guard lock(mutex_);
    return finishBy_ && (meter_.queued() == 0 || Clock::now() >= *finishBy_);
}

int Transport::pollTimeout() {
    std::optional<Error> late;
    int timeout = -1;
    {
        std::lock_guard lock(mutex_);
        const auto now = Clock::now();
        if (deadline_ && now >= *deadline_) late = onDeadline_;
        for (const auto& until : {deadline_, finishBy_}) {
            if (!until) continue;
            const auto left = std::max<long long>(std::chrono::ceil<std::chrono::milliseconds>(*until - now).count(), 0);
            const auto bounded = static_cast<int>(std::min<long long>(left, 1'000'000));
            timeout = timeout == -1 ? bounded : std::min(timeout, bounded);
        }
    }
    if (line_->waiting()) {
        const auto soon = static_cast<int>(StallWatch::kEvery.count());
        timeout = timeout == -1 ? soon : std::min(timeout, soon);
    }
    if (!late) return timeout;
    fail(*late);
    return 0;
}

void Transport::receive() {
    std::array<std::uint8_t, kReadAtOnce> bytes;
    for (int turn = 0; turn < kReadsPerTurn; ++turn) {
        const auto got = connection_.receive(bytes);
        using enum Connection::Transfer::State;
        if (got.state == Again) return;
        if (got.state == Ended) return lost({Code::ServerClosed, "the server closed the connection"});
        if (got.state == Failed) return lost(transferError("receiving failed", got.native));
        if (auto error = handlers_.received({bytes.data(), got.bytes})) return fail(*error);
    }
    wake();  // TLS may hold more that poll() doesn't see
}

void Transport::drain() {
    for (std::size_t got = kReadAtOnce; got == kReadAtOnce;) {  // less: it is empty, or librtmp has gone
        queue_.append(kReadAtOnce, [&](std::span<std::uint8_t> room) {
            ssize_t count = 0;
            do count = recv(pair_[0], room.data(), room.size(), MSG_DONTWAIT);
            while (count == -1 && errno == EINTR);
            return got = static_cast<std::size_t>(std::max<ssize_t>(count, 0));
        });
    }
}

void Transport::send() {
    while (!socketFull_ && !queue_.empty() && !failed()) {
        const auto sent = connection_.send(queue_.next());
        if (sent.state == Connection::Transfer::State::Again) {
            socketFull_ = true;
        } else if (sent.state == Connection::Transfer::State::Failed) {
            receive();  // the server's reason may have arrived before its end did
            return lost(transferError("sending failed", sent.native));
        } else {
            queue_.sent(sent.bytes);
            bool notify = false;
            {
                std::lock_guard lock(mutex_);
                meter_.taken(sent.bytes, Clock::now());
                notify = waiting_;
            }
            if (notify) changed_.notify_all();
        }
    }
}

void Transport::passOn(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {  // 3073 bytes in all: they always fit
        const auto sent = ::send(pair_[0], bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent == -1 && errno == EINTR) continue;
        if (sent <= 0) return;
        bytes = bytes.subspan(static_cast<std::size_t>(sent));
    }
}

void Transport::expect(std::chrono::milliseconds timeout, Error error) {
    {
        std::lock_guard lock(mutex_);
        deadline_ = Clock::now() + timeout;
        onDeadline_ = std::move(error);
    }
    wake();
}

void Transport::expectNothing() {
    std::lock_guard lock(mutex_);
    deadline_.reset();
}

void Transport::handOver(std::size_t wireBytes) {
    std::lock_guard lock(mutex_);
    meter_.handedOver(wireBytes, Clock::now());
}

Result<void> Transport::waitForRoom(std::size_t limit) {
    std::unique_lock lock(mutex_);
    waiting_ = true;
    changed_.wait(lock, [&] { return failed_ || meter_.queued() < limit; });
    waiting_ = false;
    if (failed_) return *failed_;
    return {};
}

void Transport::finish(std::chrono::milliseconds timeout) {
    {
        std::lock_guard lock(mutex_);
        finishBy_ = Clock::now() + timeout;
    }
    wake();
    if (thread_.joinable()) thread_.join();
}

void Transport::wake() const { signalFd(wakeFd_); }

void Transport::cancel() {
    if (cancelled_.exchange(true)) return;
    fail(cancelledError());
    signalFd(cancelFd_);
}

void Transport::lost(Error error) {
    if (!failed()) fail(handlers_.lost(std::move(error)));
}

void Transport::fail(Error error) {
    {
        std::lock_guard lock(mutex_);
        if (failed_) return;
        failed_ = std::move(error);
    }
    changed_.notify_all();
    wake();
}

std::optional<Error> Transport::failed() const {
    std::lock_guard lock(mutex_);
    return failed_;
}

LinkStatistics Transport::statistics() const {
    LinkStatistics out;
    std::lock_guard lock(mutex_);
    if (socket_ != -1) addSocketFigures(socket_, out);
    meter_.addTo(out, Clock::now());
    out.serverIp = address_;
    return out;
}

}  // namespace livepusher::rtmp
