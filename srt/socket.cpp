// SPDX-License-Identifier: MIT
#include "srt/socket.hpp"

namespace livepusher::srt {

Error lastError(Code code, const std::string& what) {
    int number = 0;
    (void)library().srt_getlasterror(&number);
    return {code, what + ": " + library().srt_getlasterror_str(), number};
}

Result<Socket> Socket::make(const base::SrtOptions& options, const std::string& streamId) {
    Socket made(library().srt_create_socket());
    if (!made) return lastError(Code::InternalFailure, "libsrt makes no socket");
    struct Number {
        SRT_SOCKOPT option;
        int value;
        const char* name;
    };
    const Number numbers[] = {
        {SRTO_TRANSTYPE, SRTT_LIVE, "transtype"},
        {SRTO_SENDER, 1, "sender"},
        {SRTO_RCVSYN, 0, "rcvsyn"},
        {SRTO_SNDSYN, 0, "sndsyn"},
        {SRTO_PAYLOADSIZE, static_cast<int>(kPayload), "payloadsize"},
        {SRTO_LATENCY, static_cast<int>(options.latency.count()), "latency"},
        {SRTO_IPV6ONLY, 0, "ipv6only"},
        {SRTO_RENDEZVOUS, options.mode == base::SrtOptions::Mode::Rendezvous ? 1 : 0, "rendezvous"},
    };
    for (const auto& each : numbers)
        if (auto set = made.set(each.option, each.value, each.name); !set) return set.error();
    if (options.keyLength != 0)
        if (auto set = made.set(SRTO_PBKEYLEN, options.keyLength, "pbkeylen"); !set) return set.error();
    const struct {
        SRT_SOCKOPT option;
        const std::string& value;
        const char* name;
    } texts[] = {{SRTO_PASSPHRASE, options.passphrase, "passphrase"}, {SRTO_STREAMID, streamId, "streamid"}};
    for (const auto& each : texts) {
        if (each.value.empty()) continue;
        if (auto set = made.set(each.option, each.value.data(), each.value.size(), each.name); !set) return set.error();
    }
    return made;
}

Result<void> Socket::set(SRT_SOCKOPT option, const void* value, std::size_t size, const char* name) const {
    if (library().srt_setsockflag(socket_, option, value, static_cast<int>(size)) == 0) return {};
    return lastError(Code::InternalFailure, std::string("libsrt does not take the option ") + name);
}

std::chrono::milliseconds Socket::latency() const {
    int latency = 0, size = sizeof latency;
    if (library().srt_getsockflag(socket_, SRTO_PEERLATENCY, &latency, &size) != 0) return {};
    return std::chrono::milliseconds(latency);
}

Result<bool> Socket::send(std::span<const std::uint8_t> payload) const {
    const auto sent =
        library().srt_send(socket_, reinterpret_cast<const char*>(payload.data()), static_cast<int>(payload.size()));
    if (sent != SRT_ERROR) return true;
    if (library().srt_getlasterror(nullptr) == SRT_EASYNCSND) return false;
    return lastError(Code::TransferFailed, "sending failed");
}

Socket::Unacknowledged Socket::unacknowledged() const {
    std::size_t blocks = 0, bytes = 0;
    const int span = library().srt_getsndbuffer(socket_, &blocks, &bytes);
    if (span < 0) return {};
    return {bytes, std::chrono::milliseconds(span)};
}

std::optional<SRT_TRACEBSTATS> Socket::figures() const {
    SRT_TRACEBSTATS figures{};
    if (library().srt_bistats(socket_, &figures, 0, 1) != 0) return std::nullopt;
    return figures;
}

}  // namespace livepusher::srt
