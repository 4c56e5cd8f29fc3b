// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/properties.hpp>

#include "endpoint/publisher.hpp"
#include "rtmp/conversation.hpp"

namespace livepusher::rtmp {

/// What a publisher hears: whether its stream is taken, and its codecs are.
class PublishingConversation final : public Conversation {
public:
    /// The codecs: of the stream to come.
    explicit PublishingConversation(std::vector<std::string> secrets, bool enhanced = false, AudioCodec audio = AudioCodec::aac,
                                    VideoCodec video = VideoCodec::h264)
        : Conversation("publish", std::move(secrets), enhanced), audio_(audio), video_(video) {}

private:
    std::optional<Error> checkCapabilities() const override;
    bool refusesStream(std::string_view code) const override;
    std::optional<Error> takeStatus(std::string_view code, std::string_view description) override;
    int refusalKind(std::string_view code, std::string_view description) const override;
    Error doesNotTake(const char* codec, const char* instead) const;

    AudioCodec audio_;
    VideoCodec video_;
};

}  // namespace livepusher::rtmp
