// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace livepusher::rtmp {

/// RTMP message types (RTMP 1.0 §5.4, §6.2, §7.1).
enum class MessageType : std::uint8_t {
    SetChunkSize = 1,
    Abort = 2,
    Acknowledgement = 3,
    UserControl = 4,
    WindowAckSize = 5,
    SetPeerBandwidth = 6,
    Audio = 8,
    Video = 9,
    DataAmf3 = 15,
    CommandAmf3 = 17,
    Data = 18,
    Command = 20,
};

/// A whole message from the server. The body lives until the reader is fed again.
struct InboundMessage {
    MessageType type{};
    std::uint32_t streamId = 0;
    std::uint32_t timestamp = 0;  ///< ms
    std::span<const std::uint8_t> body;
};

/// Puts messages together from the chunks (RTMP 1.0 §5.3) that follow the handshake: bytes in, in any
/// portions, messages out. Holds at most 16 chunk streams of at most 64 KiB each, whatever the server
/// sends; set-chunk-size and abort are obeyed here and not passed on.
class ChunkReader {
public:
    /// Returns what is wrong with the message, if anything.
    using Sink = std::function<std::optional<Error>(const InboundMessage&)>;

    explicit ChunkReader(Sink sink) : sink_(std::move(sink)) {}

    /// The first error, from the bytes or from the sink, is final: nothing is read after it.
    std::optional<Error> feed(std::span<const std::uint8_t> bytes);

private:
    struct ChunkStream {
        std::uint32_t id = 0;
        std::uint32_t timestamp = 0;
        std::uint32_t delta = 0;
        std::uint32_t length = 0;
        std::uint32_t streamId = 0;
        std::uint8_t type = 0;
        bool extended = false;
        bool inMessage = false;
        std::vector<std::uint8_t> body;
    };

    bool readHeader();   ///< false: more bytes are needed, or error_ is set
    bool beginChunk();   ///< with the whole header in header_
    bool readPayload();  ///< as readHeader()
    std::size_t headerNeeded();
    std::size_t basicHeaderSize() const;
    std::uint32_t chunkStreamId() const;
    bool finish(ChunkStream& stream);
    bool applyControl(const ChunkStream& stream);
    ChunkStream* find(std::uint32_t id, bool create);
    bool fail(const char* what);

    Sink sink_;
    std::vector<ChunkStream> streams_;
    std::array<std::uint8_t, 18> header_{};  ///< of the chunk being read: 3 + 11 + 4 bytes at most
    std::size_t headerSize_ = 0;
    std::span<const std::uint8_t> input_;
    ChunkStream* current_ = nullptr;  ///< the chunk whose payload is being read
    std::size_t chunkLeft_ = 0;
    std::size_t chunkSize_ = 128;
    std::optional<Error> error_;
};

}  // namespace livepusher::rtmp
