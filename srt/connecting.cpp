// SPDX-License-Identifier: MIT
#include "srt/connecting.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "net/resolve.hpp"
#include "srt/reasons.hpp"
#include "srt/udp_socket.hpp"

namespace livepusher::srt {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Mode = base::SrtOptions::Mode;

// libsrt has no descriptor to wait for; a handshake takes two round trips, and a refusal is to be seen before libsrt forgets it.
constexpr auto kAnswerLook = 3ms;
constexpr auto kLookForCallers = 20ms;
constexpr auto kLeastTry = 1s;  // of one address where a name has several

std::string nameOf(const base::Url& url) {
    const auto& host = url.host();
    return (host.find(':') == host.npos ? host : "[" + host + "]") + ":" + std::to_string(url.port());
}

Error cancelled() { return {Code::Cancelled, "cancelled"}; }

/// False: `cancel` came before.
bool pause(std::chrono::milliseconds time, const base::EventFd& cancel) {
    pollfd entry{cancel.fd(), POLLIN, 0};
    return poll(&entry, 1, static_cast<int>(time.count())) <= 0;
}

Error unanswered(const std::string& where, int number) {
    const auto words =
        number == ECONNREFUSED ? std::string("nobody listens for SRT there (UDP)") : std::generic_category().message(number);
    return {Code::TcpFailed, "can't connect to " + where + ": " + words, number};
}

/// Waits for what comes of srt_connect(). `udp`: of a caller.
Result<void> await(const Socket& socket, UdpSocket* udp, const base::Url& url, const base::EventFd& cancel) {
    const bool encrypted = !url.srt().passphrase.empty();
    for (;;) {
        const auto state = socket.state();
        if (state == SRTS_CONNECTED) return {};
        if (state >= SRTS_BROKEN) return refusal(socket.rejectReason(), nameOf(url), encrypted);
        if (udp)
            if (const int number = udp->refusal(); number != 0) return unanswered(nameOf(url), number);
        if (!pause(kAnswerLook, cancel)) return cancelled();
    }
}

Result<void> begin(const Socket& socket, const rtmp::SocketAddress& to, const base::Url& url) {
    if (library().srt_connect(socket.get(), to.get(), static_cast<int>(to.size)) != SRT_ERROR) return {};
    if (socket.rejectReason() != SRT_REJ_UNKNOWN)
        return refusal(socket.rejectReason(), nameOf(url), !url.srt().passphrase.empty());
    return lastError(Code::TcpFailed, "can't connect to " + nameOf(url));
}

Result<Connection> call(const base::Url& url, const rtmp::SocketAddress& to, const std::string& networkInterface,
                        std::chrono::milliseconds timeout, const base::EventFd& cancel) {
    auto socket = Socket::make(url.srt(), url.streamKey());
    if (!socket) return socket.error();
    if (auto set = socket->set(SRTO_CONNTIMEO, static_cast<int>(timeout.count()), "conntimeo"); !set) return set.error();
    auto udp = UdpSocket::make(to, networkInterface);
    if (!udp) return udp.error();
    if (library().srt_bind_acquire(socket->get(), udp->release()) == SRT_ERROR)
        return lastError(Code::TcpFailed, "can't connect to " + nameOf(url));
    if (auto begun = begin(*socket, to, url); !begun) return begun.error();
    if (auto connected = await(*socket, &*udp, url, cancel); !connected) return connected.error();
    return Connection{.udp = std::move(*udp), .socket = std::move(*socket), .peer = to.text()};
}

/// Its addresses one after the other, for two calls at once could be two streams of one name to a server.
Result<Connection> callOneOf(const base::Url& url, const std::vector<rtmp::SocketAddress>& addresses,
                             const std::string& networkInterface, Clock::time_point deadline, const base::EventFd& cancel) {
    auto last = unanswered(nameOf(url), EADDRNOTAVAIL);
    for (auto left = addresses.size(); left > 0; --left) {
        const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        if (time <= 0ms && left < addresses.size()) break;
        const auto share = std::max<std::chrono::milliseconds>(time / left, kLeastTry);
        auto called = call(url, addresses[addresses.size() - left], networkInterface, share, cancel);
        if (called) return called;
        last = called.error();
        if (last.code != Code::TcpFailed) break;  // who answers has answered for all
    }
    return last;
}

Result<Socket> meet(const base::Url& url, const rtmp::SocketAddress& to, const std::string& networkInterface,
                    std::chrono::milliseconds timeout, const base::EventFd& cancel) {
    auto socket = Socket::make(url.srt(), {});
    if (!socket) return socket;
    // libsrt multiplies the time of a rendezvous by ten.
    if (auto set = socket->set(SRTO_CONNTIMEO, static_cast<int>(timeout.count() / 10), "conntimeo"); !set) return set.error();
    if (isInterface(networkInterface))
        if (auto set = socket->set(SRTO_BINDTODEVICE, networkInterface.data(), networkInterface.size(), "bindtodevice"); !set)
            return set.error();
    const auto local = localAddress(to.family(), url.port(), networkInterface);
    if (!local) return local.error();
    if (library().srt_bind(socket->get(), local->get(), static_cast<int>(local->size)) == SRT_ERROR)
        return lastError(Code::TcpFailed,
                         "can't use the port " + std::to_string(url.port()) + " of this machine for the rendezvous");
    if (auto begun = begin(*socket, to, url); !begun) return begun.error();
    if (auto connected = await(*socket, nullptr, url, cancel); !connected) return connected.error();
    return socket;
}

/// Asked on libsrt's thread.
int admit(void* opaque, SRTSOCKET caller, int, const sockaddr*, const char* streamId) {
    const auto& doorkeeper = *static_cast<const Doorkeeper*>(opaque);
    const int reason = doorkeeper.refuses(streamId ? streamId : "");
    if (reason == 0) return 0;
    library().srt_setrejectreason(caller, reason);
    return -1;
}

Result<Socket> listenAt(const rtmp::SocketAddress& local, const base::Url& url, const std::string& networkInterface) {
    auto socket = Socket::make(url.srt(), {});
    if (!socket) return socket;
    if (isInterface(networkInterface))
        if (auto set = socket->set(SRTO_BINDTODEVICE, networkInterface.data(), networkInterface.size(), "bindtodevice"); !set)
            return set.error();
    if (library().srt_bind(socket->get(), local.get(), static_cast<int>(local.size)) == SRT_ERROR)
        return lastError(Code::TcpFailed, "can't wait for a receiver at " + nameOf(url));
    return socket;
}

/// At the address that the URL names, or all of this machine, of IPv6 and IPv4 where it has both.
Result<Socket> listenAt(const std::vector<rtmp::SocketAddress>& named, const base::Url& url,
                        const std::string& networkInterface) {
    if (!named.empty()) {
        const auto local = localAddress(named.front().family(), url.port(), networkInterface);
        if (!local) return local.error();
        if (!networkInterface.empty() && !isInterface(networkInterface) && local->text() != named.front().text())
            return Error{Code::TcpFailed,
                         "networkInterface \"" + networkInterface + "\": the url has another address to listen at", 0, true};
        return listenAt(named.front(), url, networkInterface);
    }
    Result<Socket> last = cancelled();
    for (const int family : {AF_INET6, AF_INET}) {
        const auto local = localAddress(family, url.port(), networkInterface);
        if (!local) {
            if (!last) last = local.error();
            continue;
        }
        last = listenAt(*local, url, networkInterface);
        if (last) break;
    }
    return last;
}

Result<Connection> listen(const base::Url& url, const std::vector<rtmp::SocketAddress>& named,
                          const std::string& networkInterface, const base::EventFd& cancel) {
    auto listener = listenAt(named, url, networkInterface);
    if (!listener) return listener.error();
    auto doorkeeper = std::make_unique<Doorkeeper>(url.streamKey());
    if (library().srt_listen_callback(listener->get(), admit, doorkeeper.get()) == SRT_ERROR ||
        library().srt_listen(listener->get(), 1) == SRT_ERROR)
        return lastError(Code::TcpFailed, "can't wait for a receiver at " + nameOf(url));
    base::log(LogLevel::Info, "waiting for a receiver at " + url.redacted());
    for (;;) {
        rtmp::SocketAddress from;
        int size = sizeof from.storage;
        Socket socket(library().srt_accept(listener->get(), reinterpret_cast<sockaddr*>(&from.storage), &size));
        if (socket) {
            doorkeeper->closeDoor();
            from.size = static_cast<socklen_t>(size);
            return Connection{std::move(doorkeeper), std::move(*listener), {}, std::move(socket), from.text()};
        }
        if (library().srt_getlasterror(nullptr) != SRT_EASYNCRCV)
            return lastError(Code::TcpFailed, "can't wait for a receiver at " + nameOf(url));
        if (!pause(kLookForCallers, cancel)) return cancelled();
    }
}

}  // namespace

int Doorkeeper::refuses(const std::string& streamId) const {
    if (!streamId_.empty() && streamId != streamId_) return SRT_REJX_FORBIDDEN;
    return closed_ ? SRT_REJX_CONFLICT : 0;
}

Result<Connection> connect(const base::Url& url, const base::NetworkOptions& network, std::chrono::milliseconds timeout,
                           const base::EventFd& cancel) {
    const auto deadline = Clock::now() + timeout;
    std::vector<rtmp::SocketAddress> addresses;
    if (!url.host().empty()) {
        auto found = rtmp::resolve(url.host(), url.port(), timeout, cancel.fd());
        if (!found) return found.error();
        addresses = std::move(*found);
    }
    const auto& interface = network.networkInterface;
    if (url.srt().mode == Mode::Listener) return listen(url, addresses, interface, cancel);
    if (url.srt().mode == Mode::Caller) return callOneOf(url, addresses, interface, deadline, cancel);
    auto socket = meet(url, addresses.front(), interface, timeout, cancel);
    if (!socket) return socket.error();
    return Connection{.socket = std::move(*socket), .peer = addresses.front().text()};
}

}  // namespace livepusher::srt
