// SPDX-License-Identifier: MIT
#include "net/resolve.hpp"

#include <netdb.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "base/abandonable_thread.hpp"
#include "base/event_fd.hpp"
#include "net/ascii_host.hpp"

namespace livepusher::rtmp {

namespace {

using Clock = std::chrono::steady_clock;
using Addresses = std::vector<SocketAddress>;

Error unresolved(const std::string& host, const std::string& why) {
    return {Code::DnsFailed, "can't resolve " + host + ": " + why + "check the host name and the network"};
}

Result<Addresses> ask(const std::string& host, int port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo* first = nullptr;
    const int error = getaddrinfo(asciiHost(host).c_str(), std::to_string(port).c_str(), &hints, &first);
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(error == 0 ? first : nullptr, freeaddrinfo);
    Addresses found;
    for (const auto* each = owned.get(); each; each = each->ai_next) {
        if (each->ai_addrlen > sizeof(sockaddr_storage)) continue;
        auto& address = found.emplace_back();
        std::memcpy(&address.storage, each->ai_addr, each->ai_addrlen);
        address.size = each->ai_addrlen;
    }
    if (found.empty()) return unresolved(host, "");
    return found;
}

/// What the resolver's thread leaves, for who may have gone.
struct Answer {
    std::mutex mutex;
    std::optional<Result<Addresses>> found;
    base::EventFd here;
};

}  // namespace

std::string SocketAddress::text() const {
    std::array<char, NI_MAXHOST> name{};
    if (getnameinfo(get(), size, name.data(), name.size(), nullptr, 0, NI_NUMERICHOST) != 0) return {};
    const std::string_view shown = name.data();
    constexpr std::string_view kMapped = "::ffff:";  // an IPv4 address that has come to a socket of both
    return std::string(shown.starts_with(kMapped) && shown.find('.') != shown.npos ? shown.substr(kMapped.size()) : shown);
}

Result<Addresses> resolve(const std::string& host, int port, std::chrono::milliseconds timeout, int cancelFd) {
    const auto deadline = Clock::now() + timeout;
    const auto answer = std::make_shared<Answer>();
    if (auto possible = answer->here.check(); !possible) return Error{Code::DnsFailed, possible.error().message, EMFILE};
    base::AbandonableThread thread;
    auto started = thread.start("resolve", [answer, host, port] {
        auto found = ask(host, port);
        const std::lock_guard lock(answer->mutex);
        answer->found = std::move(found);
        answer->here.signal();
    });
    if (!started) return Error{Code::DnsFailed, "can't resolve " + host + ": " + started.error().message};
    for (;;) {
        std::array<pollfd, 2> fds{{{answer->here.fd(), POLLIN, 0}, {cancelFd, POLLIN, 0}}};
        const int ready = poll(fds.data(), fds.size(), base::pollTimeout(deadline));
        if (ready == -1 && errno == EINTR) continue;
        if (fds[1].revents != 0) return Error{Code::Cancelled, "cancelled"};
        if (fds[0].revents == 0) return unresolved(host, "no answer in time; ");
        thread.end(std::chrono::seconds(1));
        const std::lock_guard lock(answer->mutex);
        return std::move(*answer->found);
    }
}

}  // namespace livepusher::rtmp
