// SPDX-License-Identifier: MIT
#pragma once

#include "net/protocol.hpp"
#include "net/url.hpp"
#include "rtmp/chunk_reader.hpp"
#include "rtmp/chunk_writer.hpp"
#include "rtmp/conversation.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace livepusher::rtmp {

/// How long a client waits for a server.
struct ClientTimeouts {
    std::chrono::milliseconds handshake{};  ///< S0 to S2
    std::chrono::milliseconds response{};   ///< each of connect, createStream, and what asks for the stream
};

/// What a client says and hears on one RTMP connection (RTMP 1.0), from the first byte of the handshake on: connect by itself,
/// then, when its role asks for a stream, createStream and the role's own command. What the server's words mean is the
/// conversation's.
class Client : public Protocol {
public:
    static constexpr std::size_t kHandshakeBytes = 1 + 1536 + 1536;  ///< S0 S1 S2

    /// Errors: HandshakeFailed; ServerClosed, with the server's own words; TransferFailed, it sent nonsense.
    Result<void> handleInput(std::span<const std::uint8_t> bytes, Time now) override;
    std::optional<Time> nextTimeout() const override { return deadline_; }
    Error timedOut() const override;
    Error lost(Error error) const override;

    bool connected() const { return conversation_->step() != Conversation::Step::Connecting; }  ///< connect is answered
    bool accepted() const { return asked_ && conversation_->step() == Conversation::Step::Accepted; }

    std::optional<ReconnectRequest> takeReconnectRequest() { return conversation_->takeReconnectRequest(); }
    const std::string& redirection() const { return conversation_->redirection(); }
    const std::string& loginAsked() const { return conversation_->loginAsked(); }
    const ServerCapabilities& capabilities() const { return conversation_->capabilities(); }

protected:
    /// The connection stands now, and the handshake begins. `connect`: to be sent after it; `seed`: of its random bytes.
    /// `conversation` is the role's own.
    Client(std::unique_ptr<Conversation> conversation, std::vector<std::uint8_t> connect, const ClientTimeouts& timeouts,
           const ChunkLimits& limits, std::uint32_t seed, Time now);

    void createStream(Time now);  ///< and, when that is answered, askForStream()
    void command(std::span<const std::uint8_t> body, std::uint32_t streamId = 0);
    void control(MessageType type, std::span<const std::uint8_t> body);
    void end();  ///< deleteStream; what the server says from now on doesn't matter
    Conversation& conversation() { return *conversation_; }
    ChunkWriter& writer() { return writer_; }
    bool ended() const { return ended_; }

private:
    virtual void askForStream(std::uint32_t streamId) = 0;

    bool handshaken() const { return received_ == kHandshakeBytes; }
    Result<std::size_t> takeHandshake(std::span<const std::uint8_t> bytes, Time now);
    void progress(Time now);
    void expectAnswer(Time now) { deadline_ = now + timeouts_.response; }

    const std::unique_ptr<Conversation> conversation_;
    const std::vector<std::uint8_t> connect_;
    const ClientTimeouts timeouts_;
    ChunkReader reader_;
    ChunkWriter writer_;
    std::size_t received_ = 0;  ///< of the handshake
    std::vector<std::uint8_t> echo_;
    std::optional<Time> deadline_;
    bool creating_ = false;  ///< createStream is said
    bool asked_ = false;     ///< and what asks for the stream
    bool ended_ = false;
};

}  // namespace livepusher::rtmp
