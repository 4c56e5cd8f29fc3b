// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "endpoint/publisher.hpp"
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

/// A bit of capsEx: can be asked to reconnect (Enhanced RTMP v2, CapsExMask).
inline constexpr unsigned kCapsReconnect = 0x01;

// What Enhanced RTMP calls codecs ("Defining Additional Video Codecs", "… Audio Codecs").
inline constexpr const char* kAvc = "avc1";
inline constexpr const char* kHevc = "hvc1";
inline constexpr const char* kAv1 = "av01";
inline constexpr const char* kAac = "mp4a";
inline constexpr const char* kOpus = "Opus";

/// Whether connect offers Enhanced RTMP's capabilities for a stream of these codecs.
bool offers(EnhancedRtmp enhanced, AudioCodec audio, VideoCodec video);

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

/// The publishing client's side of what is said after the handshake: server messages in; how far it
/// has come, what the server is owed and every way of refusing out. No I/O, one thread.
class Conversation {
public:
    enum class Step { Connecting, Creating, Publishing, Accepted };

    /// `enhanced`: which servers get codecs that plain RTMP does not know; requests to reconnect are taken where it has been
    /// offered. The codecs: of the stream to come. `secrets`: what no text shows.
    explicit Conversation(std::vector<std::string> secrets, EnhancedRtmp enhanced = EnhancedRtmp::off,
                          AudioCodec audio = AudioCodec::aac, VideoCodec video = VideoCodec::h264)
        : secrets_(std::move(secrets)), enhanced_(enhanced), audio_(audio), video_(video) {}

    /// Error: the server refuses or ends the stream (ServerClosed, with its own words and whether
    /// trying again can help), does not take a codec (ServerClosed, for good) or talks nonsense (TransferFailed).
    std::optional<Error> take(const InboundMessage& message);

    /// Counts what came from the network, chunk headers included, for the acknowledgement window.
    void received(std::size_t bytes);

    Step step() const { return step_; }
    std::uint32_t streamId() const { return streamId_; }  ///< from step Publishing on; some servers give 0
    /// What a server said that refuses connect until user and password are given; empty: it has not.
    const std::string& loginAsked() const { return loginAsked_; }
    std::vector<ControlReply> takeReplies();
    const ServerCapabilities& capabilities() const { return capabilities_; }  ///< from step Creating on
    /// The codecs of the stream that the server is silent about and gets all the same (EnhancedRtmp::automatic).
    struct Presumed {
        std::string names{};  ///< for people: "H.265", "Opus", or both with " and " between them; empty: none
        int which = 0;        ///< kPicturesNotTaken and kSoundNotTaken
    };
    const Presumed& presumed() const { return presumed_; }           ///< from step Creating on
    std::optional<ReconnectRequest> takeReconnectRequest();          ///< the newest, once
    const std::string& redirection() const { return redirection_; }  ///< where a refusal sends us; empty: nowhere. Secret

private:
    std::optional<Error> takeControl(const InboundMessage& message);
    std::optional<Error> takeCommand(std::span<const std::uint8_t> body);
    std::optional<Error> checkCodecs();
    Error doesNotTake(const char* codec, const char* instead, int which) const;
    Error refusal(std::string_view code, std::string_view description);
    void owe(MessageType type, std::span<const std::uint8_t> body);

    void readCapabilities(const std::vector<AmfValue>& arguments);
    void takeReconnectRequest(const AmfValue& info);

    std::vector<std::string> secrets_;
    EnhancedRtmp enhanced_;
    AudioCodec audio_;
    VideoCodec video_;
    ServerCapabilities capabilities_;
    Presumed presumed_;
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
