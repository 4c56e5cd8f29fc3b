// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
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
    Aggregate = 22,
};

/// A whole message from the server. The body lives until the reader is fed again.
struct InboundMessage {
    MessageType type{};
    std::uint32_t streamId = 0;
    std::uint32_t timestamp = 0;  ///< ms
    std::span<const std::uint8_t> body;
};

/// What a server may make a client hold. The usual: what a publisher has to hear.
struct ChunkLimits {
    std::size_t message = 65'536;                     ///< bytes of one
    std::size_t unfinished = std::size_t{16} << 20U;  ///< bytes of all messages that have begun
    /// A chunk that continues has the extended time stamp again only where it repeats the one before: peers that keep to the
    /// text of 2009 leave it out, others go by that of 2012 (§5.3.1.3).
    bool extendedMayBeMissing = false;
};

/// Puts messages together from the chunks (RTMP 1.0 §5.3) that follow the handshake: bytes in, in any
/// portions, messages out. Holds at most 16 chunk streams and what its limits say, whatever the server
/// sends; set-chunk-size and abort are obeyed here and not passed on.
class ChunkReader {
public:
    /// Returns what is wrong with the message, if anything.
    using Sink = std::function<std::optional<Error>(const InboundMessage&)>;

    explicit ChunkReader(Sink sink, const ChunkLimits& limits = {}) : sink_(std::move(sink)), limits_(limits) {}

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
        std::uint32_t field = 0;  ///< the extended time stamp of its newest header
        bool inMessage = false;
        std::vector<std::uint8_t> body;
    };

    bool readHeader();   ///< false: more bytes are needed, or error_ is set
    bool takeInput();    ///< false: input_ and what follows it are used up
    bool beginChunk();   ///< with the whole header in header_
    bool readPayload();  ///< as readHeader()
    std::size_t headerNeeded();
    std::size_t basicHeaderSize() const;
    std::uint32_t chunkStreamId() const;
    bool extendedIsMissing();
    void readAgain(std::span<const std::uint8_t> bytes);  ///< before input_
    bool finish(ChunkStream& stream);
    void applyControl(const ChunkStream& stream);
    ChunkStream* find(std::uint32_t id, bool create);
    void release(ChunkStream& stream);
    bool fail(const std::string& what);

    Sink sink_;
    const ChunkLimits limits_;
    std::vector<ChunkStream> streams_;
    std::size_t unfinished_ = 0;             ///< bytes of the bodies that have begun
    std::array<std::uint8_t, 18> header_{};  ///< of the chunk being read: 3 + 11 + 4 bytes at most
    std::size_t headerSize_ = 0;
    std::span<const std::uint8_t> input_;
    std::vector<std::uint8_t> again_;          ///< a few bytes that looked like a header's and were none
    std::span<const std::uint8_t> following_;  ///< behind these, while inAgain_
    bool inAgain_ = false;                     ///< input_ is the rest of again_
    ChunkStream* current_ = nullptr;           ///< the chunk whose payload is being read
    std::size_t chunkLeft_ = 0;
    std::size_t chunkSize_ = 128;
    std::optional<Error> error_;
};

}  // namespace livepusher::rtmp
