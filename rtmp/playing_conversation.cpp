// SPDX-License-Identifier: MIT
#include "rtmp/playing_conversation.hpp"

#include "flv/amf.hpp"
#include "rtmp/aggregate.hpp"

#include <algorithm>
#include <array>

namespace livepusher::rtmp {

namespace {

// User control events (RTMP 1.0 §7.1.7).
constexpr unsigned kStreamBegin = 0, kStreamEof = 1;

}  // namespace

bool PlayingConversation::refusesStream(std::string_view code) const {
    constexpr std::array<std::string_view, 3> codes{"NetStream.Play.StreamNotFound", "NetStream.Play.Failed",
                                                    "NetStream.Play.InsufficientBW"};
    return std::ranges::find(codes, code) != codes.end();
}

std::optional<Error> PlayingConversation::takeStatus(std::string_view code, std::string_view) {
    if (code == "NetStream.Play.Start") started();
    if (step() != Step::Accepted) return std::nullopt;
    if (code == "NetStream.Play.Stop" || code == "NetStream.Play.Complete") over_ = true;
    if (code == "NetStream.Play.PublishNotify") received_.emplace_back(StreamEvent::Began);
    if (code == "NetStream.Play.UnpublishNotify") received_.emplace_back(StreamEvent::PublisherLeft);
    return std::nullopt;
}

void PlayingConversation::takeStreamEvent(unsigned event, std::uint32_t stream) {
    if (step() < Step::Asking || stream != streamId()) return;
    if (event == kStreamBegin) received_.emplace_back(StreamEvent::Began);
    if (event == kStreamEof) received_.emplace_back(StreamEvent::PublisherLeft);
}

// Whatever stream a message says that it belongs to: servers differ in that, and we play but one.
std::optional<Error> PlayingConversation::takeMedia(const InboundMessage& message) {
    if (step() < Step::Asking || over_) return std::nullopt;
    switch (message.type) {
        case MessageType::Aggregate:
            return splitAggregate(message, [this](const InboundMessage& part) { return takeMedia(part); });
        case MessageType::Audio:
        case MessageType::Video:
            if (message.body.empty()) return std::nullopt;
            started();  // some servers say so by sending it
            ++mediaMessages_;
            tags_.take(static_cast<FlvTagType>(message.type), message.timestamp, message.body, received_);
            return std::nullopt;
        case MessageType::Data: return takeData(message.body, message.timestamp);
        case MessageType::DataAmf3:  // AMF0 behind one byte
            if (message.body.empty()) return std::nullopt;
            return takeData(message.body.subspan(1), message.timestamp);
        default: return std::nullopt;
    }
}

std::optional<Error> PlayingConversation::takeData(std::span<const std::uint8_t> body, std::uint32_t timestamp) {
    AmfReader reader(body);
    const auto name = reader.next();
    if (!name || name->string != "onPlayStatus") {
        tags_.take(FlvTagType::Script, timestamp, body, received_);
        return std::nullopt;
    }
    while (const auto value = reader.next()) {
        const auto code = value->text("code");
        if (refusesStream(code)) return refusal(code, value->text("description"));
        if (step() == Step::Accepted && code == "NetStream.Play.Complete") over_ = true;
    }
    return std::nullopt;
}

}  // namespace livepusher::rtmp
