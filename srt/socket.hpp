// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "net/srt_options.hpp"
#include "srt/library.hpp"

namespace livepusher::srt {

/// What a datagram carries: seven packets of MPEG-TS, with SRT's and UDP's headers just below the usual 1500 bytes.
inline constexpr std::size_t kPayload = 7 * 188;

/// One socket of libsrt, which is closed with its owner. No call of it waits. All but what is tagged otherwise belongs to one
/// thread.
class Socket {
public:
    Socket() = default;
    explicit Socket(SRTSOCKET socket) : socket_(socket) {}
    Socket(Socket&& other) noexcept : socket_(std::exchange(other.socket_, SRT_INVALID_SOCK)) {}
    Socket& operator=(Socket&& other) noexcept {
        std::swap(socket_, other.socket_);
        return *this;
    }
    ~Socket() {
        if (*this) library().srt_close(socket_);
    }

    /// For a live stream that leaves: what `options` say, and `streamId` for who listens. Errors: InternalFailure,
    /// InvalidArgument.
    static Result<Socket> make(const base::SrtOptions& options, const std::string& streamId);

    explicit operator bool() const { return socket_ != SRT_INVALID_SOCK; }
    SRTSOCKET get() const { return socket_; }

    Result<void> set(SRT_SOCKOPT option, const void* value, std::size_t size, const char* name) const;
    Result<void> set(SRT_SOCKOPT option, int value, const char* name) const { return set(option, &value, sizeof value, name); }

    SRT_SOCKSTATUS state() const { return library().srt_getsockstate(socket_); }
    int rejectReason() const { return library().srt_getrejectreason(socket_); }
    std::chrono::milliseconds latency() const;  ///< that both sides have agreed on

    /// One datagram's payload. False: no room now. Errors: TransferFailed.
    Result<bool> send(std::span<const std::uint8_t> payload) const;

    /// What libsrt holds that is not acknowledged. [any-thread], while the socket lives
    struct Unacknowledged {
        std::size_t bytes = 0;
        std::chrono::milliseconds span{0};  ///< from its oldest byte to its newest
    };
    Unacknowledged unacknowledged() const;

    /// Its figures. Empty: it is connected no more. [any-thread], while the socket lives
    std::optional<SRT_TRACEBSTATS> figures() const;

private:
    SRTSOCKET socket_ = SRT_INVALID_SOCK;
};

/// What libsrt said last on this thread: `what` with its words.
Error lastError(Code code, const std::string& what);

}  // namespace livepusher::srt
