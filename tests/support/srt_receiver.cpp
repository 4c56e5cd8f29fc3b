// SPDX-License-Identifier: MIT
#include "srt_receiver.hpp"

#include <arpa/inet.h>

#include <array>
#include <chrono>
#include <cstring>
#include <stdexcept>

#include "net/resolve.hpp"

namespace livepusher::srt::test {

namespace {

using namespace std::chrono_literals;

template <typename T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().message);
    return std::move(*result);
}

void must(int result, const char* what) {
    if (result == SRT_ERROR) throw std::runtime_error(lastError(Code::InternalFailure, what).message);
}

/// What a receiver needs beyond what the library sends with.
struct Receiving {
#define LIVEPUSHER_SRT_RECEIVING(X) \
    X(srt_recvmsg)                  \
    X(srt_getsockname)
    LIVEPUSHER_FUNCTIONS(LIVEPUSHER_SRT_RECEIVING)
};

const Receiving& receiving() {
    static const base::LoadedLibrary<Receiving> library({"libsrt-gnutls.so.1.5"});
    return *library;
}

}  // namespace

SrtReceiver::SrtReceiver(Options options) : options_(std::move(options)), running_(must(Running::start())) {
    base::SrtOptions wanted;
    wanted.passphrase = options_.passphrase;
    listener_ = must(Socket::make(wanted, {}));
    rtmp::SocketAddress local;
    const bool ipv6 = std::strchr(options_.host, ':') != nullptr;
    local.storage.ss_family = ipv6 ? AF_INET6 : AF_INET;
    local.size = ipv6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
    auto* const six = reinterpret_cast<sockaddr_in6*>(&local.storage);
    auto* const four = reinterpret_cast<sockaddr_in*>(&local.storage);
    inet_pton(local.family(), options_.host, ipv6 ? static_cast<void*>(&six->sin6_addr) : &four->sin_addr);
    must(library().srt_bind(listener_.get(), local.get(), static_cast<int>(local.size)), "bind");
    must(library().srt_listen_callback(listener_.get(), admit, this), "listen_callback");
    must(library().srt_listen(listener_.get(), 2), "listen");
    int size = sizeof local.storage;
    must(receiving().srt_getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&local.storage), &size), "getsockname");
    port_ = ntohs(ipv6 ? six->sin6_port : four->sin_port);
    thread_ = std::thread([this] { run(); });
}

SrtReceiver::~SrtReceiver() {
    leaving_ = true;
    thread_.join();
}

std::string SrtReceiver::url(const std::string& query) const {
    const std::string host = options_.host;
    const auto shown = host.find(':') == host.npos ? host : "[" + host + "]";
    return "srt://" + shown + ":" + std::to_string(port_) + (query.empty() ? "" : "?" + query);
}

std::string SrtReceiver::streamId() const {
    const std::lock_guard lock(mutex_);
    return streamId_;
}

std::vector<std::uint8_t> SrtReceiver::bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
}

void SrtReceiver::waitForBytes(std::size_t least) const {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return bytes_.size() >= least; });
}

void SrtReceiver::waitForEnd() const {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return ended_ > 0; });
}

void SrtReceiver::drop() { dropping_ = true; }

int SrtReceiver::admit(void* self, SRTSOCKET caller, int, const sockaddr*, const char* streamId) {
    auto& me = *static_cast<SrtReceiver*>(self);
    {
        const std::lock_guard lock(me.mutex_);
        me.streamId_ = streamId ? streamId : "";
    }
    if (me.options_.refuse == 0) return 0;
    library().srt_setrejectreason(caller, me.options_.refuse);
    return -1;
}

/// Its sockets don't block, so that it can leave: it looks each millisecond, and tells who waits for what has come.
void SrtReceiver::run() {
    std::array<char, 1500> buffer{};
    Socket stream;
    while (!leaving_) {
        if (!stream) {
            stream = Socket(library().srt_accept(listener_.get(), nullptr, nullptr));
            if (!stream) std::this_thread::sleep_for(1ms);
            if (stream) {
                const std::lock_guard lock(mutex_);
                bytes_.clear();
            }
            continue;
        }
        const int got = dropping_ ? 0 : receiving().srt_recvmsg(stream.get(), buffer.data(), static_cast<int>(buffer.size()));
        if (got > 0) {
            const std::lock_guard lock(mutex_);
            bytes_.insert(bytes_.end(), buffer.begin(), buffer.begin() + got);
            changed_.notify_all();
        } else if (!dropping_ && library().srt_getlasterror(nullptr) == SRT_EASYNCRCV) {
            std::this_thread::sleep_for(1ms);
        } else {
            stream = Socket();
            dropping_ = false;
            const std::lock_guard lock(mutex_);
            ++ended_;
            changed_.notify_all();
        }
    }
}

}  // namespace livepusher::srt::test
