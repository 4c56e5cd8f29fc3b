// SPDX-License-Identifier: MIT
#pragma once

#include "rtmp/chunk_writer.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace livepusher::rtmp {

/// The client's half of the RTMP handshake and the writing of chunks, by librtmp, on one end of a
/// socketpair. It never reads a chunk: of what the server sends it sees the 3073 bytes of the handshake
/// only. A write blocks while the pair is full and fails when the other end is shut down; threads that
/// come here have SIGPIPE blocked from then on. One thread at a time.
class LibrtmpSession {
public:
    static constexpr std::size_t kHandshakeBytes = 1 + 1536 + 1536;  ///< C0 C1 C2, and S0 S1 S2
    static constexpr std::size_t kMaxBody = 0xFFFFFF;

    explicit LibrtmpSession(int fd);  ///< takes the descriptor over
    ~LibrtmpSession();
    LibrtmpSession(const LibrtmpSession&) = delete;
    LibrtmpSession& operator=(const LibrtmpSession&) = delete;

    /// Handshake, then the connect command, which needs no answer in between. False when either end gave up.
    bool handshake(std::span<const std::uint8_t> connectCommand);

    /// From the next message on; the server must have been told.
    void setChunkSize(std::size_t bytes);

    /// False when the other end is gone. The body must not exceed kMaxBody.
    bool send(const OutboundMessage& message);

    /// What `message` takes on the wire, headers included.
    std::size_t wireSize(std::size_t bodySize, std::uint32_t timestamp) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace livepusher::rtmp
