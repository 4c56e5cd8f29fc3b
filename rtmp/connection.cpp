// SPDX-License-Identifier: MIT
#include "rtmp/connection.hpp"

#include <curl/curl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace livepusher::rtmp {

namespace {

using Clock = std::chrono::steady_clock;

void initialiseCurl() {
    static const CURLcode done = curl_global_init(CURL_GLOBAL_DEFAULT);
    (void)done;  // curl_easy_init() fails when it did
}

int remaining(Clock::time_point deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    return static_cast<int>(std::clamp<long long>(left, 0, 1'000'000));
}

void set(int socket, int level, int name, int value) { setsockopt(socket, level, name, &value, sizeof value); }

// Latency before throughput, and a dead line noticed within 15 s. The congestion control stays the system's.
void tune(int socket) {
    set(socket, IPPROTO_TCP, TCP_NODELAY, 1);
    set(socket, IPPROTO_TCP, TCP_QUICKACK, 1);
    set(socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, 16 * 1024);
    set(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, 15'000);
    set(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
    set(socket, IPPROTO_TCP, TCP_KEEPIDLE, 15);
    set(socket, IPPROTO_TCP, TCP_KEEPINTVL, 5);
    set(socket, IPPROTO_TCP, TCP_KEEPCNT, 3);
}

bool isCertificate(CURLcode code) {
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_ISSUER_ERROR ||
           code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CRL_BADFILE;
}

}  // namespace

struct Connection::Impl {
    CURLM* multi = nullptr;
    CURL* easy = nullptr;
    int socket = -1;
    std::string address;

    Error error(CURLcode code, const Endpoint& endpoint, const char* detail) const;
    int lastError() const {
        long number = 0;
        curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &number);
        return static_cast<int>(number);
    }
    void setUp(const Endpoint& endpoint, std::chrono::milliseconds timeout, char* detail);
    void release() {
        if (multi && easy) curl_multi_remove_handle(multi, easy);
        if (easy) curl_easy_cleanup(easy);
        if (multi) curl_multi_cleanup(multi);
        easy = nullptr;
        multi = nullptr;
        socket = -1;
    }
};

Connection::Connection() : impl_(std::make_unique<Impl>()) {}
Connection::~Connection() { reset(); }

int Connection::socket() const { return impl_->socket; }
std::string Connection::peerAddress() const { return impl_->address; }

// The phase in which it failed decides the code: names, TCP, or TLS.
Error Connection::Impl::error(CURLcode code, const Endpoint& endpoint, const char* detail) const {
    const std::string where = endpoint.host + ":" + std::to_string(endpoint.port);
    const std::string why = *detail != '\0' ? std::string(": ") + detail : std::string(": ") + curl_easy_strerror(code);
    curl_off_t resolved = 0;
    curl_off_t connected = 0;
    curl_easy_getinfo(easy, CURLINFO_NAMELOOKUP_TIME_T, &resolved);
    curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &connected);
    const bool timedOut = code == CURLE_OPERATION_TIMEDOUT;
    if (code == CURLE_COULDNT_RESOLVE_HOST || (timedOut && resolved == 0))
        return {Code::DnsFailed, "can't resolve " + endpoint.host + (timedOut ? ": no answer in time" : why)};
    if (code == CURLE_COULDNT_CONNECT || (timedOut && connected == 0)) {
        const int number = lastError();
        const std::string reason = timedOut      ? ": no answer in time"
                                   : number != 0 ? ": " + std::generic_category().message(number)
                                                 : why;
        return {Code::TcpFailed, "can't connect to " + where + reason, number};
    }
    return {Code::HandshakeFailed, "TLS with " + where + " failed" + (timedOut ? ": no answer in time" : why), lastError(),
            isCertificate(code)};
}

void Connection::Impl::setUp(const Endpoint& endpoint, std::chrono::milliseconds timeout, char* detail) {
    const std::string host = endpoint.host.find(':') == std::string::npos ? endpoint.host : "[" + endpoint.host + "]";
    const std::string url = (endpoint.tls ? "https://" : "http://") + host + ":" + std::to_string(endpoint.port) + "/";
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, detail);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // a cancel must not wait for the resolver's thread
    curl_easy_setopt(easy, CURLOPT_PROXY, "");       // whatever http_proxy says: RTMP is not HTTP
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(timeout.count()));
    curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_ENABLE_ALPN, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!endpoint.caFile.empty()) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, endpoint.caFile.c_str());
        curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);  // these CAs only, not the system's as well
    }
}

Result<void> Connection::connect(const Endpoint& endpoint, std::chrono::milliseconds timeout, int cancelFd) {
    initialiseCurl();
    impl_->multi = curl_multi_init();
    impl_->easy = curl_easy_init();
    if (!impl_->multi || !impl_->easy) return Error{Code::TcpFailed, "libcurl could not be initialised"};
    std::array<char, CURL_ERROR_SIZE> detail{};
    impl_->setUp(endpoint, timeout, detail.data());
    curl_multi_add_handle(impl_->multi, impl_->easy);

    CURLMsg* message = nullptr;
    for (int running = 1; !message;) {
        if (const CURLMcode code = curl_multi_perform(impl_->multi, &running); code != CURLM_OK)
            return Error{Code::TcpFailed, std::string("libcurl: ") + curl_multi_strerror(code)};
        int left = 0;
        message = curl_multi_info_read(impl_->multi, &left);
        if (message) break;
        curl_waitfd cancelled{cancelFd, CURL_WAIT_POLLIN, 0};
        curl_multi_poll(impl_->multi, &cancelled, 1, 1000, nullptr);
        pollfd check{cancelFd, POLLIN, 0};
        if (poll(&check, 1, 0) > 0) {
            reset();
            return Error{Code::Cancelled, "cancelled"};
        }
    }
    const CURLcode code = message->data.result;
    curl_easy_setopt(impl_->easy, CURLOPT_ERRORBUFFER, nullptr);
    if (code != CURLE_OK) {
        Error error = impl_->error(code, endpoint, detail.data());
        reset();
        return error;
    }
    curl_socket_t socket = CURL_SOCKET_BAD;
    curl_easy_getinfo(impl_->easy, CURLINFO_ACTIVESOCKET, &socket);
    const char* address = nullptr;
    curl_easy_getinfo(impl_->easy, CURLINFO_PRIMARY_IP, &address);
    impl_->address = address ? address : "";
    impl_->socket = socket;
    tune(socket);
    return {};
}

Connection::Transfer Connection::receive(std::span<std::uint8_t> into) {
    std::size_t bytes = 0;
    const CURLcode code = curl_easy_recv(impl_->easy, into.data(), into.size(), &bytes);
    using enum Transfer::State;
    if (code == CURLE_AGAIN) return {Again};
    // A server with Nagle's algorithm on sends its next small answer only when this one is acknowledged, and the
    // system would take 40 ms over that. The option wears off, so it is set each time; there is little to receive.
    set(impl_->socket, IPPROTO_TCP, TCP_QUICKACK, 1);
    if (code == CURLE_OK) return {bytes == 0 ? Ended : Done, bytes};
    // TLS calls an end without its own farewell an error; TCP knows whether it was one.
    tcp_info info{};
    socklen_t size = sizeof info;
    getsockopt(impl_->socket, IPPROTO_TCP, TCP_INFO, &info, &size);
    if (info.tcpi_state == TCP_CLOSE_WAIT) return {Ended};
    return {Failed, 0, impl_->lastError()};
}

Connection::Transfer Connection::send(std::span<const std::uint8_t> bytes) {
    std::size_t sent = 0;
    const CURLcode code = curl_easy_send(impl_->easy, bytes.data(), bytes.size(), &sent);
    using enum Transfer::State;
    if (code == CURLE_OK) return {Done, sent};
    if (code == CURLE_AGAIN) return {Again};
    return {Failed, 0, impl_->lastError()};
}

void Connection::finish(Clock::time_point deadline, int cancelFd) {
    if (impl_->socket == -1) return reset();
    // libcurl's close says TLS's farewell and would close TCP too, and a close with bytes unread is a RST that
    // can overtake what the server hasn't read yet. A second descriptor keeps TCP open until its end.
    const int kept = dup(impl_->socket);
    impl_->release();
    if (kept == -1) return;
    shutdown(kept, SHUT_WR);
    std::array<char, 4096> rest{};
    for (;;) {
        std::array<pollfd, 2> fds{{{kept, POLLIN, 0}, {cancelFd, POLLIN, 0}}};
        const int ready = poll(fds.data(), fds.size(), remaining(deadline));
        if (ready == -1 && errno == EINTR) continue;
        if (ready <= 0 || fds[1].revents != 0) break;
        const auto got = ::recv(kept, rest.data(), rest.size(), MSG_DONTWAIT);
        if (got == 0 || (got == -1 && errno != EAGAIN && errno != EINTR)) break;
    }
    ::close(kept);
}

void Connection::reset() {
    if (impl_->socket != -1) {
        const linger now{1, 0};
        setsockopt(impl_->socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    impl_->release();
}

}  // namespace livepusher::rtmp
