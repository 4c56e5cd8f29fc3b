// SPDX-License-Identifier: MIT
#include "net/connection.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "base/descriptor.hpp"
#include "base/event_fd.hpp"
#include "net/curl_descriptors.hpp"
#include "net/curl_easy.hpp"
#include "net/socket.hpp"

namespace livepusher::rtmp {

namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

struct Connection::Impl {
    ConnectLog log;  // before the handles, which write to it
    CurlHandles curl;
    int socket = -1;
    std::string address;

    void setUp(const Endpoint& endpoint);
    void release() {
        curl.release();
        socket = -1;
    }
};

Connection::Connection() : impl_(std::make_unique<Impl>()) {}
Connection::~Connection() { reset(); }

int Connection::socket() const { return impl_->socket; }
std::string Connection::peerAddress() const { return impl_->address; }

void Connection::Impl::setUp(const Endpoint& endpoint) {
    const std::string host = endpoint.host.find(':') == std::string::npos ? endpoint.host : "[" + endpoint.host + "]";
    const std::string url = (endpoint.tls ? "https://" : "http://") + host + ":" + std::to_string(endpoint.port) + "/";
    curl_easy_setopt(curl.easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl.easy, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(curl.easy, CURLOPT_SSL_ENABLE_ALPN, 0L);
}

Result<void> Connection::connect(const Endpoint& endpoint, std::chrono::milliseconds timeout, int cancelFd) {
    auto& [multi, easy] = impl_->curl;
    if (auto made = impl_->curl.make(); !made) return made;
    if (auto possible = setUpConnection(easy, endpoint, timeout, impl_->log); !possible) return possible;
    impl_->setUp(endpoint);
    curl_multi_add_handle(multi, easy);

    CURLMsg* message = nullptr;
    for (int running = 1; !message;) {
        if (const CURLMcode code = curl_multi_perform(multi, &running); code != CURLM_OK)
            return Error{Code::TcpFailed, std::string("libcurl: ") + curl_multi_strerror(code)};
        int left = 0;
        message = curl_multi_info_read(multi, &left);
        if (message) break;
        curl_waitfd cancelled{cancelFd, CURL_WAIT_POLLIN, 0};
        curl_multi_poll(multi, &cancelled, 1, 1000, nullptr);
        pollfd check{cancelFd, POLLIN, 0};
        if (poll(&check, 1, 0) > 0) {
            reset();
            return Error{Code::Cancelled, "cancelled"};
        }
    }
    const CURLcode code = message->data.result;
    if (code != CURLE_OK) {
        Error error = connectError(easy, code, endpoint, impl_->log);
        reset();
        return error;
    }
    const auto* address = curlInfo<const char*>(easy, CURLINFO_PRIMARY_IP);
    impl_->address = address ? address : "";
    impl_->socket = curlInfo<curl_socket_t>(easy, CURLINFO_ACTIVESOCKET);
    tuneSocket(impl_->socket);
    return {};
}

Connection::Transfer Connection::receive(std::span<std::uint8_t> into) {
    std::size_t bytes = 0;
    const CURLcode code = curl_easy_recv(impl_->curl.easy, into.data(), into.size(), &bytes);
    using enum Transfer::State;
    if (code == CURLE_AGAIN) return {Again};
    // A server with Nagle's algorithm on sends its next small answer only when this one is acknowledged, and the
    // system would take 40 ms over that. The option wears off, so it is set each time; there is little to receive.
    acknowledgeAtOnce(impl_->socket);
    if (code == CURLE_OK) return {bytes == 0 ? Ended : Done, bytes};
    // TLS calls an end without its own farewell an error; TCP knows whether it was one.
    if (peerState(impl_->socket) == PeerState::Ended) return {Ended};
    return {Failed, 0, lastErrno(impl_->curl.easy)};
}

Connection::Transfer Connection::send(std::span<const std::uint8_t> bytes) {
    std::size_t sent = 0;
    const CURLcode code = curl_easy_send(impl_->curl.easy, bytes.data(), bytes.size(), &sent);
    using enum Transfer::State;
    if (code == CURLE_OK) return {Done, sent};
    if (code == CURLE_AGAIN) return {Again};
    return {Failed, 0, lastErrno(impl_->curl.easy)};
}

void Connection::finish(Clock::time_point deadline, int cancelFd) {
    if (impl_->socket == -1) return reset();
    // libcurl's close says TLS's farewell and would close TCP too, and a close with bytes unread is a RST that
    // can overtake what the server hasn't read yet. A second descriptor keeps TCP open until its end.
    const base::Descriptor kept(fcntl(impl_->socket, F_DUPFD_CLOEXEC, 0));
    impl_->release();
    if (!kept) return;
    shutdown(kept.get(), SHUT_WR);
    std::array<char, 4096> rest{};
    for (;;) {
        std::array<pollfd, 2> fds{{{kept.get(), POLLIN, 0}, {cancelFd, POLLIN, 0}}};
        const int ready = poll(fds.data(), fds.size(), base::pollTimeout(deadline));
        if (ready == -1 && errno == EINTR) continue;
        if (ready <= 0 || fds[1].revents != 0) break;
        const auto got = ::recv(kept.get(), rest.data(), rest.size(), MSG_DONTWAIT);
        if (got == 0 || (got == -1 && errno != EAGAIN && errno != EINTR)) break;
    }
}

void Connection::reset() {
    if (impl_->socket == -1) return impl_->release();
    resetOnClose(impl_->socket);
    // After libcurl's farewell: a copy that a fork() has must not keep it.
    const base::Descriptor kept(fcntl(impl_->socket, F_DUPFD_CLOEXEC, 0));
    impl_->release();
    if (kept) base::disconnect(kept.get());
}

}  // namespace livepusher::rtmp
