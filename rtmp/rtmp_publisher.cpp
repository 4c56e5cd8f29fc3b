// SPDX-License-Identifier: MIT
#include "rtmp/rtmp_publisher.hpp"

#include "base/log.hpp"
#include "base/seconds_text.hpp"
#include "endpoint/endpoint_of.hpp"
#include "flv/amf_writer.hpp"
#include "net/server_text.hpp"
#include "rtmp/commands.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace livepusher::rtmp {

namespace {

constexpr std::size_t kChunkSize = 4096;
constexpr std::uint8_t kRtmpVersion = 3;

void logCapabilities(const ServerCapabilities& server) {
    if (!server.any() || !base::logs(LogLevel::Debug)) return;
    std::string text = "the server speaks Enhanced RTMP:";
    text += (server.capsEx & kCapsReconnect) != 0 ? " reconnect requests" : " no reconnect requests";
    for (const auto& fourCc : server.fourCcs) text += ", " + serverText(fourCc, "");
    base::log(LogLevel::Debug, text);
}

Channel channelOf(FlvTagType type) {
    switch (type) {
        case FlvTagType::Audio: return Channel::Audio;
        case FlvTagType::Video: return Channel::Video;
        case FlvTagType::Script: break;
    }
    return Channel::Data;
}

}  // namespace

RtmpPublisher::RtmpPublisher()
    : reader_([this](const InboundMessage& message) { return conversation_->take(message); }),
      dataFrame_(AmfWriter().string("@setDataFrame").bytes()),
      transport_({[this](std::span<const std::uint8_t> bytes) { return received(bytes); },
                  [this](Error error) { return lost(std::move(error)); }, [this] { connectionFailed(); }}) {}

RtmpPublisher::~RtmpPublisher() {
    transport_.cancel();
    transport_.finish(std::chrono::milliseconds(0));
}

Result<void> RtmpPublisher::open(const base::Url& url, const PublisherSettings& settings, std::function<void()> onConnected) {
    using enum base::Url::Scheme;
    if (url.scheme() != Rtmp && url.scheme() != Rtmps) return Error{Code::InvalidArgument, "not an RTMP URL: " + url.redacted()};
    if (session_) return Error{Code::InvalidState, "a publisher opens one connection only"};
    streamKey_ = url.streamKey();
    closeTimeout_ = settings.closeTimeout;
    conversation_.emplace(secretsOf(url), settings.enhancedRtmp, settings.audioCodec, settings.videoCodec);

    const auto fd = transport_.open(endpointOf(url, settings), settings.connectTimeout, settings.stallTimeout);
    if (!fd) return fd.error();
    if (onConnected) onConnected();
    if (auto done = handshake(url, settings, *fd); !done) return done;
    if (auto done = publish(settings); !done) return done;
    {
        std::lock_guard lock(mutex_);
        if (ended_) return transport_.failed().value_or(Error{Code::Cancelled, "cancelled"});
        accepted_ = true;  // from here on a failure is told by onFailed
    }
    tellReconnectRequest();
    return {};
}

Result<void> RtmpPublisher::handshake(const base::Url& url, const PublisherSettings& settings, int fd) {
    transport_.expect(settings.handshakeTimeout, {Code::HandshakeFailed, "the server did not answer the RTMP handshake within " +
                                                                             base::secondsText(settings.handshakeTimeout)});
    const auto command = connectCommand(url, settings.enhancedRtmp);
    {
        std::lock_guard lock(sessionMutex_);
        session_ = std::make_unique<LibrtmpSession>(fd);
        transport_.handOver(LibrtmpSession::kHandshakeBytes + session_->wireSize(command.size(), 0));
        if (!session_->handshake(command)) {
            transport_.fail({Code::HandshakeFailed, "the server's RTMP handshake is wrong: is it an RTMP server?"});
            return *transport_.failed();
        }
    }
    flushReplies(false);
    return {};
}

// connect has gone out with the handshake. What follows its answer goes in one breath, up to where
// publish needs the stream's number: some servers take releaseStream and FCPublish for the beginning.
Result<void> RtmpPublisher::publish(const PublisherSettings& settings) {
    if (auto done = waitFor(Step::Creating, "connect", settings.responseTimeout); !done) return done;
    transport_.expectNothing();
    if (settings.mayBegin && !settings.mayBegin()) return transport_.failed().value_or(Error{Code::Cancelled, "cancelled"});
    constexpr std::array<std::uint8_t, 4> chunkSize{0, 0, kChunkSize >> 8, kChunkSize & 0xFF};
    if (auto done = send({Channel::Control, MessageType::SetChunkSize, 0, 0, chunkSize, {}}); !done) return done;
    {
        std::lock_guard lock(sessionMutex_);
        session_->setChunkSize(kChunkSize);
    }
    for (const auto& command : {releaseStreamCommand(streamKey_), fcPublishCommand(streamKey_), createStreamCommand()})
        if (auto done = sendCommand(command); !done) return done;
    if (auto done = waitFor(Step::Publishing, "createStream", settings.responseTimeout); !done) return done;
    {
        std::lock_guard lock(mutex_);
        mediaStream_ = streamId_;
    }
    if (auto done = sendCommand(publishCommand(streamKey_), mediaStream_); !done) return done;
    if (auto done = waitFor(Step::Accepted, "publish", settings.responseTimeout); !done) return done;
    transport_.expectNothing();
    return {};
}

Result<void> RtmpPublisher::waitFor(Step step, const char* command, std::chrono::milliseconds timeout) {
    transport_.expect(timeout, {Code::ServerClosed,
                                std::string("the server did not answer ") + command + " within " + base::secondsText(timeout)});
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return ended_ || step_ >= step || transport_.failed(); });
    if (step_ >= step) return {};
    return transport_.failed().value_or(Error{Code::Cancelled, "cancelled"});
}

Result<void> RtmpPublisher::write(const Packet& packet) {
    return packetizer_.write(packet, [this](const FlvTag& tag) { return sendTag(tag); });
}

Result<void> RtmpPublisher::sendTag(const FlvTag& tag) {
    const auto head = tag.type == FlvTagType::Script ? std::span<const std::uint8_t>(dataFrame_) : tag.head();
    if (const std::size_t size = head.size() + tag.data.size(); size > LibrtmpSession::kMaxBody)
        return Error{Code::TransferFailed, "a packet of " + std::to_string(size) + " bytes: RTMP takes less than 16 MiB"};
    if (auto room = transport_.waitForRoom(kUnderWay); !room) return room;
    return send({channelOf(tag.type), static_cast<MessageType>(tag.type), mediaStream_, static_cast<std::uint32_t>(tag.timestamp),
                 head, tag.data});
}

Result<void> RtmpPublisher::sendCommand(std::span<const std::uint8_t> body, std::uint32_t streamId) {
    return send({Channel::Command, MessageType::Command, streamId, 0, body, {}});
}

Result<void> RtmpPublisher::send(const OutboundMessage& message) {
    {
        std::lock_guard lock(sessionMutex_);
        if (!sendLocked(message)) {
            transport_.fail({Code::TransferFailed, "the connection is gone"});
            return *transport_.failed();
        }
    }
    flushReplies(false);
    return {};
}

bool RtmpPublisher::sendLocked(const OutboundMessage& message) {
    if (!session_) return false;
    transport_.handOver(session_->wireSize(message.head.size() + message.data.size(), message.timestamp));
    return session_->send(message);
}

// librtmp has one user at a time. While the uplink writes, the transport leaves its replies here, and
// the uplink sends them after its message; else the transport sends them itself.
void RtmpPublisher::flushReplies(bool onTransport) {
    for (;;) {
        {
            std::lock_guard lock(mutex_);
            if (replies_.empty()) return;
        }
        std::unique_lock session(sessionMutex_, std::try_to_lock);
        if (!session || !session_) return;  // whoever holds it comes by here when done
        std::vector<ControlReply> replies;
        {
            std::lock_guard lock(mutex_);
            replies.swap(replies_);
        }
        for (const auto& reply : replies) {
            if (onTransport) transport_.drain();  // else a full pair would wait for this very thread
            sendLocked({Channel::Control, reply.type, 0, 0, reply.body(), {}});
        }
    }
}

std::optional<Error> RtmpPublisher::received(std::span<const std::uint8_t> bytes) {
    if (handshakeLeft_ > 0) {
        if (handshakeLeft_ == LibrtmpSession::kHandshakeBytes && bytes[0] != kRtmpVersion)
            return Error{Code::HandshakeFailed,
                         "the server does not speak RTMP: its first byte is " + std::to_string(bytes[0]) + ", not 3"};
        const auto part = bytes.first(std::min(bytes.size(), handshakeLeft_));
        transport_.passOn(part);
        handshakeLeft_ -= part.size();
        bytes = bytes.subspan(part.size());
        conversation_->received(part.size());
        if (handshakeLeft_ == 0) {
            std::lock_guard lock(mutex_);
            handshaken_ = true;
        }
    }
    if (bytes.empty()) return std::nullopt;
    auto error = reader_.feed(bytes);
    conversation_->received(bytes.size());
    auto replies = conversation_->takeReplies();
    auto request = conversation_->takeReconnectRequest();
    bool connected = false;
    {
        std::lock_guard lock(mutex_);
        connected = step_ == Step::Connecting && conversation_->step() != step_;
        if (request) reconnectRequest_ = std::move(request);
        step_ = conversation_->step();
        streamId_ = conversation_->streamId();
        redirection_ = conversation_->redirection();
        loginAsked_ = conversation_->loginAsked();
        replies_.insert(replies_.end(), replies.begin(), replies.end());
    }
    changed_.notify_all();
    if (connected) logCapabilities(conversation_->capabilities());
    if (!error) flushReplies(true);
    if (!error) tellReconnectRequest();
    return error;
}

Error RtmpPublisher::lost(Error error) const {
    std::lock_guard lock(mutex_);
    if (!handshaken_) return {Code::HandshakeFailed, "the RTMP handshake failed: " + error.message, error.native};
    // A server that doesn't read what is still on its way ends it by RST.
    const bool asked = step_ == Step::Publishing && (error.code == Code::ServerClosed || error.native == ECONNRESET);
    if (asked || (step_ == Step::Accepted && error.code == Code::ServerClosed)) error.native = kClosedInSilence;
    if (error.code != Code::ServerClosed || accepted_) return error;
    static constexpr std::array<const char*, 4> kWaiting{"connect", "createStream", "publish", ""};
    if (step_ != Step::Accepted)
        error.message += std::string(" instead of answering ") + kWaiting[static_cast<std::size_t>(step_)] +
                         (step_ == Step::Publishing ? "; is the stream key right?" : "");
    return error;
}

void RtmpPublisher::connectionFailed() {
    std::function<void()> notify;
    {
        std::lock_guard lock(mutex_);
        ended_ = true;
        if (accepted_ && !told_) notify = notify_;
        told_ = true;
    }
    changed_.notify_all();
    if (notify) notify();
}

std::optional<Error> RtmpPublisher::failed() const { return transport_.failed(); }

std::string RtmpPublisher::redirection() const {
    std::lock_guard lock(mutex_);
    return redirection_;
}

void RtmpPublisher::tellReconnectRequest() {
    std::optional<ReconnectRequest> request;
    {
        std::lock_guard lock(mutex_);
        if (!accepted_) return;  // open() comes by here
        request = std::exchange(reconnectRequest_, {});
    }
    if (request && takeReconnectRequest_) takeReconnectRequest_(std::move(*request));
}

void RtmpPublisher::onReconnectRequest(std::function<void(ReconnectRequest)> take) { takeReconnectRequest_ = std::move(take); }

void RtmpPublisher::onFailed(std::function<void()> notify) { notify_ = std::move(notify); }

void RtmpPublisher::end(bool streamEnds) {
    bool orderly = false;
    {
        std::lock_guard lock(mutex_);
        orderly = accepted_ && !ended_;
    }
    if (orderly && !failed()) {
        const auto unpublished = streamEnds ? sendCommand(fcUnpublishCommand(streamKey_)) : Result<void>();
        if (unpublished) (void)sendCommand(deleteStreamCommand(mediaStream_));  // gone meanwhile: that is an end too
        transport_.finish(closeTimeout_);
        return;
    }
    transport_.cancel();
    transport_.finish(std::chrono::milliseconds(0));
}

void RtmpPublisher::cancel() {
    transport_.cancel();
    {
        std::lock_guard lock(mutex_);
        ended_ = true;
    }
    changed_.notify_all();
}

LinkStatistics RtmpPublisher::statistics() const { return transport_.statistics(); }

std::string RtmpPublisher::loginAsked() const {
    std::lock_guard lock(mutex_);
    return loginAsked_;
}

}  // namespace livepusher::rtmp
