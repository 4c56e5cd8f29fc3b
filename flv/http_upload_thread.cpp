// SPDX-License-Identifier: MIT
// The half of HttpUpload that runs on its thread, inside and around libcurl.
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/attempt.hpp"
#include "flv/http_upload.hpp"
#include "net/curl_descriptors.hpp"
#include "net/socket.hpp"

namespace livepusher::rtmp {

namespace {

constexpr std::size_t kMostHeader = 65'536;
constexpr int kTurnMs = 10;
constexpr std::chrono::seconds kStall{15};
constexpr int kTurnsToRead = 100;  // what a server said before it went

}  // namespace

void HttpUpload::setHandlers() {
    CURL* easy = curl_.easy;
    curl_easy_setopt(easy, CURLOPT_READDATA, static_cast<void*>(this));
    curl_easy_setopt(
        easy, CURLOPT_READFUNCTION, +[](char* into, std::size_t size, std::size_t count, void* self) {
            return static_cast<HttpUpload*>(self)->read({into, size * count});
        });
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, static_cast<void*>(this));
    curl_easy_setopt(
        easy, CURLOPT_HEADERFUNCTION, +[](char* line, std::size_t size, std::size_t count, void* self) {
            return static_cast<HttpUpload*>(self)->readHeader({line, size * count});
        });
    curl_easy_setopt(
        easy, CURLOPT_WRITEFUNCTION, +[](char*, std::size_t size, std::size_t count, void*) { return size * count; });
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, static_cast<void*>(this));
    curl_easy_setopt(
        easy, CURLOPT_PREREQFUNCTION,
        +[](void* self, char* address, char*, int, int) { return static_cast<HttpUpload*>(self)->connected(address); });
    curl_easy_setopt(easy, CURLOPT_SOCKOPTDATA, static_cast<void*>(this));
    curl_easy_setopt(
        easy, CURLOPT_SOCKOPTFUNCTION, +[](void* self, curl_socket_t socket, curlsocktype) {
            static_cast<HttpUpload*>(self)->opened(socket);
            return CURL_SOCKOPT_OK;
        });
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, static_cast<void*>(this));
    curl_easy_setopt(
        easy, CURLOPT_CLOSESOCKETFUNCTION, +[](void* self, curl_socket_t socket) {
            static_cast<HttpUpload*>(self)->closing(socket);
            shutdown(socket, SHUT_RDWR);  // a copy that a fork() has must not keep it open
            return ::close(socket);
        });
}

// TCP, and TLS, stand, and nothing of the request has been sent: that is begin()'s.
int HttpUpload::connected(const char* address) {
    std::unique_lock lock(mutex_);
    if (failed_) return CURL_PREREQFUNC_ABORT;
    connected_ = true;
    address_ = address;
    changed_.notify_all();
    changed_.wait(lock, [&] { return mayBegin_ || failed_; });
    return failed_ ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

// While IPv6 and IPv4 race there can be two. The one that loses is closed before anything else is done with the other.
void HttpUpload::opened(int socket) {
    tuneSocket(socket);
    std::lock_guard lock(mutex_);
    sockets_.push_back(socket);
}

void HttpUpload::closing(int socket) {
    std::lock_guard lock(mutex_);
    if (connected_) peerEnded_ = peerState(socket) == PeerState::Ended;
    if (failed_) base::disconnect(socket);  // libcurl closes it by itself when the body's end is an abort
    std::erase(sockets_, socket);
}

void HttpUpload::run() {
    blockSigpipe();
    curl_multi_add_handle(curl_.multi, curl_.easy);
    if (const auto ran = base::attempt([this] { transfer(); }); !ran) fail(ran.error());
    bool tell = false;
    {
        std::lock_guard lock(mutex_);
        tell = failed_ && begun_ && !cancelled_ && !finishBy_;
    }
    curl_multi_remove_handle(curl_.multi, curl_.easy);  // closes the connection
    if (tell) notify_();
}

void HttpUpload::transfer() {
    while (step()) {
        const int timeout = pollTimeout();
        if (timeout < 0) return;
        curl_multi_poll(curl_.multi, nullptr, 0, timeout, nullptr);
    }
}

// False when it is over.
bool HttpUpload::step() {
    int running = 0;
    if (const CURLMcode code = curl_multi_perform(curl_.multi, &running); code != CURLM_OK) {
        fail({Code::TransferFailed, std::string("libcurl: ") + curl_multi_strerror(code)});
        return false;
    }
    int left = 0;
    if (const CURLMsg* message = curl_multi_info_read(curl_.multi, &left)) {
        conclude(message->data.result);
        return false;
    }
    if (failed() || serverHasGone() || lineIsLost()) return false;
    if (!paused_) return true;
    {
        std::lock_guard lock(mutex_);
        if (body_.empty() && !finishBy_) return true;
    }
    paused_ = false;
    curl_easy_pause(curl_.easy, CURLPAUSE_CONT);
    return true;
}

// -1: the time to finish is over.
int HttpUpload::pollTimeout() {
    const int most = turnsSinceEnd_ > 0          ? kTurnMs
                     : line_ && line_->waiting() ? static_cast<int>(StallWatch::kEvery.count())
                                                 : 1000;
    std::lock_guard lock(mutex_);
    if (!finishBy_) return most;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*finishBy_ - Clock::now()).count();
    return left <= 0 ? -1 : static_cast<int>(std::min<long long>(left, most));
}

// Once a server has answered, libcurl looks no more at what comes from it, and an end of its side alone does not stop
// a POST. Here both never mean anything but goodbye.
bool HttpUpload::serverHasGone() {
    auto state = PeerState::Open;
    {
        std::lock_guard lock(mutex_);
        if (socket() == -1 || bodyEnded_) return false;
        state = peerState(socket());
        if (state == PeerState::Open) return false;
        int unread = 0;
        const bool all = ioctl(socket(), FIONREAD, &unread) != 0 || unread == 0;
        // One turn more, in which libcurl reads what TLS holds.
        if (++turnsSinceEnd_ < (all ? 2 : kTurnsToRead)) return false;
        if (state == PeerState::Gone) socketError_ = takeError(socket());
    }
    peerEnded_ = state == PeerState::Ended;
    conclude(CURLE_RECV_ERROR);
    return true;
}

bool HttpUpload::lineIsLost() {
    std::optional<Error> error;
    {
        std::lock_guard lock(mutex_);
        if (socket() == -1) return false;
        if (!line_) line_.emplace(socket(), kStall);
        error = line_->check(!body_.empty(), Clock::now());
    }
    if (error) fail(*error);
    return error.has_value();
}

std::size_t HttpUpload::read(std::span<char> into) {
    std::size_t got = 0;
    {
        std::lock_guard lock(mutex_);
        if (failed_) return CURL_READFUNC_ABORT;
        if (!std::exchange(headSent_, true)) {
            long head = 0;
            curl_easy_getinfo(curl_.easy, CURLINFO_REQUEST_SIZE, &head);
            body_.sentHead(static_cast<std::size_t>(std::max(head, 0L)));
        }
        got = body_.take(into, Clock::now());
        if (got == 0) (finishBy_ ? bodyEnded_ : paused_) = true;
    }
    changed_.notify_all();
    return paused_ ? CURL_READFUNC_PAUSE : got;
}

std::size_t HttpUpload::readHeader(std::string_view line) {
    headerBytes_ += line.size();
    bool stands = false;
    {
        std::lock_guard lock(mutex_);
        stands = connected_;
    }
    const auto status = HttpStatus::parse(line);
    if (headerBytes_ > kMostHeader)
        fail({Code::TransferFailed, "the server's answer has a header of more than 64 KiB"});
    else if (!stands && status.code != 0)
        log_.proxyStatus = status;  // of a proxy, to CONNECT
    else if (stands && status.code != 0)
        takeStatus(status);
    return failed() ? 0 : line.size();
}

void HttpUpload::takeStatus(const HttpStatus& status) {
    if (status.isInterim()) return;
    status_ = status;
    if (status.isSuccess()) return;  // it may come before the stream's end: a server is free to read on
    const std::string said = status.text(target_.streamKey, target_.password);
    bool begun = false;
    {
        std::lock_guard lock(mutex_);
        begun = begun_;
    }
    std::string text = begun ? "the server ended the stream: " : "the server refused the stream: ";
    text += said;
    if (status.code >= 300 && status.code < 400) text += "; a push follows no redirect, give the URL that it leads to";
    fail({Code::ServerClosed, std::move(text), 0, status.isPermanent()});
}

void HttpUpload::conclude(CURLcode code) {
    bool stands = false;
    bool ended = false;
    {
        std::lock_guard lock(mutex_);
        stands = connected_;
        ended = bodyEnded_;
    }
    if (!stands) return fail(connectError(curl_.easy, code, target_.endpoint, log_));
    if (ended && (code == CURLE_OK || code == CURLE_GOT_NOTHING)) return;  // not every server answers a stream that ends
    fail(lost(code));
}

Error HttpUpload::lost(CURLcode code) const {
    if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_WEIRD_SERVER_REPLY)
        return {Code::TransferFailed, "the server's answer is not HTTP"};
    if (status_.code != 0 && (code == CURLE_OK || peerEnded_))
        return {Code::ServerClosed, "the server ended the stream: " + status_.text(target_.streamKey, target_.password)};
    if (code == CURLE_OK || code == CURLE_GOT_NOTHING || peerEnded_)
        return {Code::ServerClosed, "the server closed the connection"};
    const int number = socketError_ != 0 ? socketError_ : lastErrno(curl_.easy);
    return transferError(code == CURLE_SEND_ERROR ? "sending failed" : "receiving failed", number);
}

}  // namespace livepusher::rtmp
