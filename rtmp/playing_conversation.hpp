// SPDX-License-Identifier: MIT
#pragma once

#include "flv/received.hpp"
#include "flv/tag_reader.hpp"
#include "rtmp/conversation.hpp"

#include <utility>

namespace livepusher::rtmp {

/// What a player hears: whether its stream is there, how it goes on, and its media.
class PlayingConversation final : public Conversation {
public:
    explicit PlayingConversation(std::vector<std::string> secrets, bool enhanced = false)
        : Conversation("play", secrets, enhanced), tags_(std::move(secrets)) {}

    Received takeReceived() { return std::exchange(received_, {}); }
    std::uint64_t mediaMessages() const { return mediaMessages_; }
    /// The server has said that the stream is over: Play.Stop, Play.Complete.
    bool over() const { return over_; }

private:
    bool refusesStream(std::string_view code) const override;
    std::optional<Error> takeStatus(std::string_view code, std::string_view description) override;
    void takeStreamEvent(unsigned event, std::uint32_t streamId) override;
    std::optional<Error> takeMedia(const InboundMessage& message) override;
    std::optional<Error> takeData(std::span<const std::uint8_t> body, std::uint32_t timestamp);

    TagReader tags_;
    Received received_;
    std::uint64_t mediaMessages_ = 0;
    bool over_ = false;
};

}  // namespace livepusher::rtmp
