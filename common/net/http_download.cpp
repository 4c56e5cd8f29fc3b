// SPDX-License-Identifier: MIT
#include "net/http_download.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ascii.hpp"
#include "base/seconds_text.hpp"
#include "net/curl_easy.hpp"
#include "net/socket.hpp"

namespace livepusher::rtmp {

namespace {

constexpr std::size_t kMostHeader = 65'536;
constexpr std::size_t kMostRedirects = 5;
constexpr auto kFiguresEvery = std::chrono::milliseconds(500);

/// A URL that is taken apart.
class CurlUrl {
public:
    CurlUrl() = default;
    ~CurlUrl() { curl_url_cleanup(handle_); }
    CurlUrl(const CurlUrl&) = delete;
    CurlUrl& operator=(const CurlUrl&) = delete;

    /// False: it is none. A second one may be relative to the first.
    bool take(const std::string& url) {
        return handle_ && curl_url_set(handle_, CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK;
    }
    std::string part(CURLUPart which, unsigned flags = 0) const {
        char* text = nullptr;
        if (curl_url_get(handle_, which, &text, flags) != CURLUE_OK) return {};
        std::string out(text);
        curl_free(text);
        return out;
    }

private:
    CURLU* const handle_ = curl_url();
};

/// Empty: it is no URL of an HTTP server.
std::optional<Endpoint> endpointIn(const std::string& url, const base::NetworkOptions& network) {
    CurlUrl parsed;
    if (!parsed.take(url)) return std::nullopt;
    const auto scheme = parsed.part(CURLUPART_SCHEME);
    auto host = parsed.part(CURLUPART_HOST);
    if ((scheme != "http" && scheme != "https") || host.empty()) return std::nullopt;
    if (host.front() == '[') host = host.substr(1, host.size() - 2);
    const auto port = std::atoi(parsed.part(CURLUPART_PORT, CURLU_DEFAULT_PORT).c_str());
    return Endpoint{std::move(host), port, scheme == "https", network};
}

/// A header's value; empty: the line is another's.
std::string_view valueOf(std::string_view line, std::string_view name) {
    if (line.size() <= name.size() || base::lower(line.substr(0, name.size())) != name) return {};
    line.remove_prefix(name.size());
    const auto first = line.find_first_not_of(" \t\r\n");
    return first == line.npos ? std::string_view() : line.substr(first, line.find_last_not_of(" \t\r\n") - first + 1);
}

bool isRedirect(int status) { return status / 100 == 3 && status != 300 && status != 304; }

}  // namespace

struct HttpDownload::Impl {
    ConnectLog log;  // before the handles, which write to it
    CurlHandles curl;
    const base::EventFd cancelling;
    std::atomic<bool> cancelled{false};
    std::atomic<std::uint64_t> received{0};
    std::atomic<int> rtt{0};
    Request request;
    Sink* sink = nullptr;
    Endpoint endpoint;  ///< of this hop
    HttpStatus status;  ///< its answer's
    std::string location;
    std::size_t header = 0;
    bool connected = false, told = false, begun = false, over = false;
    bool headerTooLong = false;
    Result<void> failed, taken;  ///< taken: what the sink said
    Clock::time_point lookedAt;
    mutable std::mutex mutex;  ///< guards what follows
    std::string address;

    Result<void> fail(Error error) { return failed = std::move(error); }
    std::string said() const { return status.text(request.secret, request.password); }

    Result<void> setUp(const std::string& url, bool withUser);
    Result<std::string> fetchHop(const std::string& url, bool withUser, int nowhere);
    Result<bool> turn(Clock::time_point until, const base::EventFd* wake);
    Error failure(CURLcode code) const;
    Result<void> judge() const;
    void look();
    void stop() { curl_multi_remove_handle(curl.multi, curl.easy); }

    static int onConnected(void* self, char*, char*, int, int);
    static std::size_t onHeader(char* line, std::size_t size, std::size_t count, void* self);
    static std::size_t onBody(char* data, std::size_t size, std::size_t count, void* self);
};

int HttpDownload::Impl::onConnected(void* self, char*, char*, int, int) {
    auto& download = *static_cast<Impl*>(self);
    download.connected = true;
    if (!std::exchange(download.told, true)) download.sink->connected();
    return CURL_PREREQFUNC_OK;
}

std::size_t HttpDownload::Impl::onHeader(char* line, std::size_t size, std::size_t count, void* self) {
    auto& download = *static_cast<Impl*>(self);
    const auto bytes = size * count;
    download.header += bytes;
    download.received += bytes;
    const auto status = HttpStatus::parse({line, bytes});
    if (status.code != 0) (download.connected ? download.status : download.log.proxyStatus) = status;
    if (const auto to = valueOf({line, bytes}, "location:"); !to.empty()) download.location = to;
    download.headerTooLong = download.header > kMostHeader;
    return download.headerTooLong ? 0 : bytes;
}

std::size_t HttpDownload::Impl::onBody(char* data, std::size_t size, std::size_t count, void* self) {
    auto& download = *static_cast<Impl*>(self);
    const auto bytes = size * count;
    download.received += bytes;
    if (download.status.code != 200) return 0;  // its body tells nothing, and may be long
    download.begun = true;
    download.taken = download.sink->body({reinterpret_cast<const std::uint8_t*>(data), bytes});
    return download.taken ? bytes : 0;
}

HttpDownload::HttpDownload() : impl_(std::make_unique<Impl>()) {}
HttpDownload::~HttpDownload() { close(); }

void HttpDownload::close() {
    if (impl_->failed) (void)impl_->fail({Code::TransferFailed, "the connection is gone"});
    impl_->curl.release();
}

void HttpDownload::cancel() {
    if (!impl_->cancelled.exchange(true)) impl_->cancelling.signal();
}

LinkStatistics HttpDownload::statistics() const {
    LinkStatistics out;
    out.bytesReceived = impl_->received;
    out.rtt = impl_->rtt;
    std::lock_guard lock(impl_->mutex);
    out.serverIp = impl_->address;
    return out;
}

Result<void> HttpDownload::Impl::setUp(const std::string& url, bool withUser) {
    auto* const easy = curl.easy;
    curl_easy_reset(easy);
    if (auto possible = setUpConnection(easy, endpoint, request.connectTimeout, log); !possible) return possible;
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "livepusher");
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(
        easy, CURLOPT_SOCKOPTFUNCTION, +[](void*, curl_socket_t socket, curlsocktype) {
            tuneSocket(socket);
            return CURL_SOCKOPT_OK;
        });
    if (withUser && !request.user.empty()) {
        curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
        curl_easy_setopt(easy, CURLOPT_USERNAME, request.user.c_str());
        curl_easy_setopt(easy, CURLOPT_PASSWORD, request.password.c_str());
    }
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, onConnected);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, static_cast<void*>(this));
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, onHeader);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, static_cast<void*>(this));
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, onBody);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, static_cast<void*>(this));
    return {};
}

/// Whether this answer is a stream, as far as its status tells.
Result<void> HttpDownload::Impl::judge() const {
    if (status.code == 200) return {};
    return Error{Code::ServerClosed, "the server refused the stream: " + said(), status.code, status.isPermanent()};
}

Error HttpDownload::Impl::failure(CURLcode code) const {
    if (!connected) return connectError(curl.easy, code, endpoint, log);
    if (headerTooLong || (!begun && code == CURLE_OUT_OF_MEMORY))  // libcurl keeps no longer line
        return {Code::TransferFailed, "the server's answer has a header of more than 64 KiB"};
    if (!taken) return taken.error();
    if (const auto refused = judge(); status.code != 0 && !refused) return refused.error();
    if (begun) return transferError("the stream broke off", lastErrno(curl.easy));
    switch (code) {
        case CURLE_GOT_NOTHING: return {Code::ServerClosed, "the server closed the connection without an answer"};
        case CURLE_UNSUPPORTED_PROTOCOL:  // so libcurl calls HTTP/0.9
        case CURLE_WEIRD_SERVER_REPLY: return {Code::TransferFailed, "the server's answer is not HTTP"};
        default: return transferError("the connection was lost before an answer", lastErrno(curl.easy));
    }
}

// For who asks on other threads, which may not touch a socket that libcurl closes.
void HttpDownload::Impl::look() {
    const auto now = Clock::now();
    if (!connected || now - lookedAt < kFiguresEvery) return;
    lookedAt = now;
    const auto socket = curlInfo<curl_socket_t>(curl.easy, CURLINFO_ACTIVESOCKET);
    if (socket != CURL_SOCKET_BAD) rtt = roundTrip(socket);
    const auto* peer = curlInfo<const char*>(curl.easy, CURLINFO_PRIMARY_IP);
    std::lock_guard lock(mutex);
    address = peer ? peer : "";
}

Result<bool> HttpDownload::Impl::turn(Clock::time_point until, const base::EventFd* wake) {
    const auto before = received.load();
    for (bool waited = false;; waited = true) {
        if (!failed) return failed.error();
        if (cancelled) return fail({Code::Cancelled, "cancelled"}).error();
        if (over) return false;
        int running = 0;
        if (const auto state = curl_multi_perform(curl.multi, &running); state != CURLM_OK)
            return fail({Code::TransferFailed, curl_multi_strerror(state)}).error();
        look();
        if (const auto* message = curl_multi_info_read(curl.multi, &running)) {
            const auto code = message->data.result;
            over = true;
            if (code == CURLE_OK) return false;
            return fail(failure(code)).error();
        }
        if (waited || received != before) return true;
        std::array<curl_waitfd, 2> fds{{{cancelling.fd(), CURL_WAIT_POLLIN, 0}, {wake ? wake->fd() : -1, CURL_WAIT_POLLIN, 0}}};
        constexpr int kLong = 1000;
        const int wait = base::pollTimeout(until);
        curl_multi_poll(curl.multi, fds.data(), wake ? 2 : 1, wait < 0 ? kLong : std::min(wait, kLong), nullptr);
    }
}

/// One request: where it is redirected to; empty: to nowhere, the stream begins.
Result<std::string> HttpDownload::Impl::fetchHop(const std::string& url, bool withUser, int nowhere) {
    status = {};
    location.clear();
    header = 0;
    connected = begun = over = headerTooLong = false;
    failed = taken = {};
    if (auto possible = setUp(url, withUser); !possible) return possible.error();
    if (const auto state = curl_multi_add_handle(curl.multi, curl.easy); state != CURLM_OK)
        return Error{Code::TcpFailed, std::string("libcurl: ") + curl_multi_strerror(state)};
    std::optional<Clock::time_point> deadline;
    while (!begun) {
        const auto going = turn(deadline.value_or(Clock::time_point::max()), nullptr);
        if (begun) return std::string();  // what ended it meanwhile is told by the next turn
        if (isRedirect(status.code) && (!going || !*going)) break;
        if (!going) return going.error();
        if (!*going) {
            if (auto refused = judge(); !refused) return refused.error();
            return Error{Code::ServerClosed, "the server's answer is empty", status.code};
        }
        if (connected && !deadline) deadline = Clock::now() + request.answerTimeout;
        if (deadline && Clock::now() >= *deadline)
            return Error{Code::ServerClosed, "the server did not answer within " + base::secondsText(request.answerTimeout)};
    }
    CurlUrl to;
    if (location.empty() || !to.take(url) || !to.take(location))
        return Error{Code::ServerClosed, "the server redirects to nowhere: " + said(), nowhere, true};
    return to.part(CURLUPART_URL);
}

Result<void> HttpDownload::open(const Request& request, Sink& sink, int nowhere) {
    auto& impl = *impl_;
    if (std::exchange(impl.sink, &sink)) return Error{Code::InvalidState, "a download is opened once only"};
    impl.request = request;
    if (auto ready = impl.cancelling.check(); !ready) return impl.fail({Code::TcpFailed, ready.error().message});
    if (auto made = impl.curl.make(); !made) return impl.fail(made.error());
    const auto lost = [&](const char* why) {
        return impl.fail({Code::ServerClosed, std::string("the stream can't be found: ") + why, nowhere, true});
    };
    const auto first = endpointIn(request.url, request.network);
    if (!first) return impl.fail({Code::InvalidArgument, "not a URL of http or https"});
    impl.endpoint = *first;
    std::vector<std::string> been{request.url};
    for (;;) {
        const bool atHome =
            impl.endpoint.host == first->host && impl.endpoint.port == first->port && impl.endpoint.tls == first->tls;
        const auto next = impl.fetchHop(been.back(), atHome, nowhere);
        if (!next) {
            const auto error = next.error();
            impl.stop();
            return impl.fail(error);
        }
        if (next->empty()) return {};
        impl.stop();
        if (std::ranges::find(been, *next) != been.end()) return lost("it is redirected in a ring");
        if (been.size() > kMostRedirects) return lost("it is redirected more than 5 times");
        const auto to = endpointIn(*next, request.network);
        if (!to) return lost("it is redirected to what is no URL of http or https");
        if (impl.endpoint.tls && !to->tls) return lost("it is redirected from https to http");
        impl.endpoint = *to;
        been.push_back(*next);
    }
}

Result<bool> HttpDownload::turn(Clock::time_point until, const base::EventFd* wake) {
    if (!impl_->curl.easy) return Error{Code::InvalidState, "there is no connection"};
    return impl_->turn(until, wake);
}

}  // namespace livepusher::rtmp
