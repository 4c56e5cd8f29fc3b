// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/publisher.hpp"
#include "flv/flv.hpp"
#include "net/transport.hpp"
#include "rtmp/chunk_reader.hpp"
#include "rtmp/conversation.hpp"
#include "rtmp/librtmp_session.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

namespace livepusher::rtmp {

/// Joins the parts of an RTMP connection: the transport carries bytes, librtmp writes chunks, the reader and the
/// conversation make sense of what comes back, the packetizer makes tags of packets.
class RtmpPublisher final : public Publisher {
public:
    RtmpPublisher();
    ~RtmpPublisher() override;

    Result<void> open(const base::Url& url, const PublisherSettings& settings, std::function<void()> onConnected) override;
    Result<void> write(const Packet& packet) override;
    std::optional<Error> failed() const override;
    std::string redirection() const override;
    void onFailed(std::function<void()> notify) override;
    void onReconnectRequest(std::function<void(ReconnectRequest)> take) override;
    void close() override { end(true); }
    void leave() override { end(false); }
    void cancel() override;
    LinkStatistics statistics() const override;

    /// After open() has failed: Conversation::loginAsked().
    std::string loginAsked() const;

private:
    using Step = Conversation::Step;

    // [uplink]
    Result<void> handshake(const base::Url& url, const PublisherSettings& settings, int fd);
    Result<void> publish(const PublisherSettings& settings);
    Result<void> waitFor(Step step, const char* command, std::chrono::milliseconds timeout);
    Result<void> sendCommand(std::span<const std::uint8_t> body, std::uint32_t streamId = 0);
    Result<void> sendTag(const FlvTag& tag);
    Result<void> send(const OutboundMessage& message);
    void end(bool streamEnds);
    bool sendLocked(const OutboundMessage& message);

    // [transport]
    std::optional<Error> received(std::span<const std::uint8_t> bytes);
    Error lost(Error error) const;
    void connectionFailed();

    void flushReplies(bool onTransport);
    void tellReconnectRequest();

    std::string streamKey_;
    std::function<void()> notify_;
    std::function<void(ReconnectRequest)> takeReconnectRequest_;
    std::chrono::milliseconds closeTimeout_{};
    std::size_t handshakeLeft_ = LibrtmpSession::kHandshakeBytes;  ///< [transport]
    std::optional<Conversation> conversation_;                     ///< [transport]
    ChunkReader reader_;                                           ///< [transport]
    FlvPacketizer packetizer_;                                     ///< [uplink]
    std::uint32_t mediaStream_ = 0;                                ///< [uplink]
    std::vector<std::uint8_t> dataFrame_;                          ///< "@setDataFrame", which stands before onMetaData

    mutable std::mutex mutex_;  ///< guards what follows, as the transport thread last knew it
    std::condition_variable changed_;
    Step step_ = Step::Connecting;
    std::uint32_t streamId_ = 0;
    std::string redirection_;
    bool handshaken_ = false;
    bool accepted_ = false;  ///< open() has succeeded
    bool ended_ = false;
    bool told_ = false;
    std::string loginAsked_;
    std::vector<ControlReply> replies_;
    std::optional<ReconnectRequest> reconnectRequest_;  ///< waits for open() to succeed

    std::mutex sessionMutex_;  ///< librtmp: the uplink's messages, and replies while the uplink is idle
    std::unique_ptr<LibrtmpSession> session_;

    Transport transport_;  // last: its thread uses all of the above
};

}  // namespace livepusher::rtmp
