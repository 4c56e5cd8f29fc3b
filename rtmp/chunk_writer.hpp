// SPDX-License-Identifier: MIT
#pragma once

#include "rtmp/chunk_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace livepusher::rtmp {

/// Chunk streams (RTMP 1.0 §5.3.1.1) that this client speaks on.
enum class Channel : std::uint8_t { Control = 2, Command = 3, Audio = 4, Data = 5, Video = 6 };

struct OutboundMessage {
    Channel channel{};
    MessageType type{};
    std::uint32_t streamId = 0;
    std::uint32_t timestamp = 0;         ///< ms, absolute, modulo 2^32
    std::span<const std::uint8_t> head;  ///< the body is head and then data
    std::span<const std::uint8_t> data;
};

/// Cuts messages into chunks (RTMP 1.0 §5.3). Each begins with a full header and an absolute time stamp: a short one would make
/// the server add up rounded differences.
class ChunkWriter {
public:
    static constexpr std::size_t kMaxBody = 0xFFFFFF;  ///< what a header can tell of

    /// From the next message on; the server must have been told.
    void setChunkSize(std::size_t bytes) { chunkSize_ = bytes; }

    /// Appends the message. Its body must not exceed kMaxBody.
    void write(const OutboundMessage& message, std::vector<std::uint8_t>& out) const;

private:
    std::size_t chunkSize_ = 128;
};

}  // namespace livepusher::rtmp
