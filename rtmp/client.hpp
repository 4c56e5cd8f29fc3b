// SPDX-License-Identifier: MIT
#pragma once

#include "flv/flv.hpp"
#include "net/protocol.hpp"
#include "rtmp/chunk_reader.hpp"
#include "rtmp/chunk_writer.hpp"
#include "rtmp/conversation.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace livepusher::rtmp {

/// What a publishing client says and hears on one RTMP connection (RTMP 1.0), from the first byte of the handshake to
/// deleteStream: connect by itself, then, when it is told to, publish, then tags. What the server's words mean is the
/// conversation's.
class Client final : public Protocol {
public:
    static constexpr std::size_t kHandshakeBytes = 1 + 1536 + 1536;  ///< S0 S1 S2

    struct Settings {
        EnhancedRtmp enhanced = EnhancedRtmp::off;
        VideoCodec video = VideoCodec::h264;
        AudioCodec audio = AudioCodec::aac;
        std::chrono::milliseconds handshakeTimeout{};  ///< S0 to S2
        std::chrono::milliseconds responseTimeout{};   ///< each of connect, createStream, publish
    };

    /// The connection stands now, and the handshake begins. `seed`: of its random bytes.
    Client(const base::Url& url, const Settings& settings, std::uint32_t seed, Time now);

    /// Errors: HandshakeFailed; ServerClosed, with the server's own words; TransferFailed, it sent nonsense.
    Result<void> handleInput(std::span<const std::uint8_t> bytes, Time now) override;
    std::optional<Time> nextTimeout() const override { return deadline_; }
    Error timedOut() const override;
    Error lost(Error error) const override;

    bool connected() const { return conversation_.step() != Conversation::Step::Connecting; }  ///< connect is answered
    /// Asks for the stream, once connected(). releaseStream, FCPublish and createStream go in one breath, up to where publish
    /// needs the stream's number: some servers take the first two for the beginning.
    void publish(Time now);
    bool accepted() const { return published_ && conversation_.step() == Conversation::Step::Accepted; }

    /// Sends a tag, once accepted(). Error: TransferFailed, RTMP can't hold that much.
    Result<void> write(const FlvTag& tag);

    /// Says goodbye; what the server says from now on doesn't matter. `streamEnds`: with FCUnpublish, which services read as
    /// the end of the broadcast.
    void end(bool streamEnds);

    std::optional<ReconnectRequest> takeReconnectRequest() { return conversation_.takeReconnectRequest(); }
    const std::string& redirection() const { return conversation_.redirection(); }
    const std::string& loginAsked() const { return conversation_.loginAsked(); }
    const ServerCapabilities& capabilities() const { return conversation_.capabilities(); }
    const Conversation::Presumed& presumed() const { return conversation_.presumed(); }

private:
    bool handshaken() const { return received_ == kHandshakeBytes; }
    Result<std::size_t> takeHandshake(std::span<const std::uint8_t> bytes, Time now);
    void progress(Time now);
    void command(std::span<const std::uint8_t> body, std::uint32_t streamId = 0);
    void control(MessageType type, std::span<const std::uint8_t> body);
    void expectAnswer(Time now) { deadline_ = now + settings_.responseTimeout; }

    const Settings settings_;
    const std::string streamKey_;
    const std::vector<std::uint8_t> connect_;    ///< to be sent after the handshake
    const std::vector<std::uint8_t> dataFrame_;  ///< "@setDataFrame", which stands before onMetaData
    Conversation conversation_;
    ChunkReader reader_;
    ChunkWriter writer_;
    std::size_t received_ = 0;  ///< of the handshake
    std::vector<std::uint8_t> echo_;
    std::optional<Time> deadline_;
    bool asked_ = false;      ///< for the stream
    bool published_ = false;  ///< publish is said
    bool ended_ = false;
};

}  // namespace livepusher::rtmp
