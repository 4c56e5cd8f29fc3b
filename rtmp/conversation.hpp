// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "endpoint/reconnect_request.hpp"
#include "flv/amf.hpp"
#include "rtmp/chunk_reader.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace livepusher::rtmp {

/// Transaction ids of the commands, in the order in which they are sent (RTMP 1.0 §7.2).
inline constexpr int kConnect = 1;
inline constexpr int kReleaseStream = 2;
inline constexpr int kFcPublish = 3;
inline constexpr int kCreateStream = 4;
inline constexpr int kPublish = 5;
inline constexpr int kPlay = 5;

/// A bit of capsEx: can be asked to reconnect (Enhanced RTMP v2, CapsExMask).
inline constexpr unsigned kCapsReconnect = 0x01;

// What Enhanced RTMP calls codecs ("Defining Additional Video Codecs", "… Audio Codecs").
inline constexpr const char* kAvc = "avc1";
inline constexpr const char* kHevc = "hvc1";
inline constexpr const char* kAv1 = "av01";
inline constexpr const char* kAac = "mp4a";
inline constexpr const char* kOpus = "Opus";

/// What a server's answer to connect says that it knows of Enhanced RTMP. Nothing: it speaks RTMP as of old.
struct ServerCapabilities {
    unsigned capsEx = 0;
    std::vector<std::string> fourCcs;  ///< of fourCcList and both info maps, at most 32
    // Takes it: by fourCcList, or by a bit in the info map of its kind; as itself or as "*".
    bool opus = false, hevc = false, av1 = false;
    bool anyVideo = false, anyAudio = false;  ///< names codecs of that kind
    bool any() const { return capsEx != 0 || !fourCcs.empty(); }
};

/// A protocol control message that the server is owed (RTMP 1.0 §5.4, §7.1.7).
struct ControlReply {
    MessageType type{};
    std::array<std::uint8_t, 6> bytes{};
    std::size_t size = 0;
    std::span<const std::uint8_t> body() const { return {bytes.data(), size}; }
};

/// A client's side of what is said after the handshake, whichever way media goes: server messages in; how far it has come, what
/// the server is owed and every way of refusing out. What only one role hears is the role's. No I/O, one thread.
class Conversation {
public:
    enum class Step { Connecting, Creating, Asking, Accepted };

    virtual ~Conversation() = default;

    /// Error: the server refuses or ends the stream (ServerClosed, with its own words and whether
    /// trying again can help), does not take a codec (ServerClosed, for good) or talks nonsense (TransferFailed).
    std::optional<Error> take(const InboundMessage& message);

    /// Counts what came from the network, chunk headers included, for the acknowledgement window.
    void received(std::size_t bytes);

    Step step() const { return step_; }
    std::uint32_t streamId() const { return streamId_; }  ///< from step Asking on; some servers give 0
    /// The command that waits for its answer; empty: none does.
    const char* awaited() const;
    /// What a server said that refuses connect until user and password are given; empty: it has not.
    const std::string& loginAsked() const { return loginAsked_; }
    std::vector<ControlReply> takeReplies();
    const ServerCapabilities& capabilities() const { return capabilities_; }  ///< from step Creating on
    std::optional<ReconnectRequest> takeReconnectRequest();                   ///< the newest, once
    const std::string& redirection() const { return redirection_; }  ///< where a refusal sends us; empty: nowhere. Secret

protected:
    /// `asks`: the command by which the role asks for its stream. `enhanced`: connect has offered Enhanced RTMP's capabilities;
    /// without it requests to reconnect are not taken. `secrets`: what no text shows.
    Conversation(const char* asks, std::vector<std::string> secrets, bool enhanced)
        : asks_(asks), enhanced_(enhanced), secrets_(std::move(secrets)) {}
    Conversation(const Conversation&) = default;
    Conversation& operator=(const Conversation&) = default;

    const std::vector<std::string>& secrets() const { return secrets_; }
    void started();  ///< the server has said that the stream begins
    Error refusal(std::string_view code, std::string_view description);

private:
    virtual std::optional<Error> checkCapabilities() { return std::nullopt; }  ///< at the answer to connect
    /// Whether a code of the role's own refuses or ends the stream, whatever its level.
    virtual bool refusesStream(std::string_view code) const = 0;
    /// An onStatus that is no refusal.
    virtual std::optional<Error> takeStatus(std::string_view code, std::string_view description) = 0;
    virtual int refusalKind(std::string_view, std::string_view) const { return 0; }  ///< Error::native of a refused request
    /// Of user control messages all but pings.
    virtual void takeStreamEvent(unsigned /*event*/, std::uint32_t /*streamId*/) {}
    /// Audio, video, data, aggregates.
    virtual std::optional<Error> takeMedia(const InboundMessage&) { return std::nullopt; }

    std::optional<Error> takeControl(const InboundMessage& message);
    std::optional<Error> takeUserControl(std::span<const std::uint8_t> body);
    std::optional<Error> takeCommand(std::span<const std::uint8_t> body);
    bool refuses(std::string_view code) const;
    void owe(MessageType type, std::span<const std::uint8_t> body);
    void readCapabilities(const std::vector<AmfValue>& arguments);
    void takeReconnectRequest(const AmfValue& info);

    const char* asks_;
    bool enhanced_;
    std::vector<std::string> secrets_;
    ServerCapabilities capabilities_;
    std::optional<ReconnectRequest> reconnectRequest_;
    std::string redirection_;
    std::string loginAsked_;
    Step step_ = Step::Connecting;
    bool startedEarly_ = false;  ///< the stream has begun before createStream was answered
    std::uint32_t streamId_ = 0;
    std::uint32_t received_ = 0;  ///< modulo 2^32, as the acknowledgement wants it
    std::uint32_t acknowledged_ = 0;
    std::uint32_t window_ = 0;
    std::vector<ControlReply> replies_;
};

}  // namespace livepusher::rtmp
