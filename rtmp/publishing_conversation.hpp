// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/properties.hpp>

#include "endpoint/publisher.hpp"
#include "rtmp/conversation.hpp"

namespace livepusher::rtmp {

/// Whether connect offers Enhanced RTMP's capabilities for a stream of these codecs.
bool offers(EnhancedRtmp enhanced, AudioCodec audio, VideoCodec video);

/// What a publisher hears: whether its stream is taken, and its codecs are.
class PublishingConversation final : public Conversation {
public:
    /// `enhanced`: which servers get codecs that plain RTMP does not know. The codecs: of the stream to come.
    explicit PublishingConversation(std::vector<std::string> secrets, EnhancedRtmp enhanced = EnhancedRtmp::off,
                                    AudioCodec audio = AudioCodec::aac, VideoCodec video = VideoCodec::h264)
        : Conversation("publish", std::move(secrets), offers(enhanced, audio, video)),
          enhanced_(enhanced),
          audio_(audio),
          video_(video) {}

    /// The codecs of the stream that the server is silent about and gets all the same (EnhancedRtmp::automatic).
    struct Presumed {
        std::string names{};  ///< for people: "H.265", "Opus", or both with " and " between them; empty: none
        int which = 0;        ///< kPicturesNotTaken and kSoundNotTaken
    };
    const Presumed& presumed() const { return presumed_; }  ///< from step Creating on

private:
    std::optional<Error> checkCapabilities() override;
    bool refusesStream(std::string_view code) const override;
    std::optional<Error> takeStatus(std::string_view code, std::string_view description) override;
    int refusalKind(std::string_view code, std::string_view description) const override;
    Error doesNotTake(const char* codec, const char* instead, int which) const;

    EnhancedRtmp enhanced_;
    AudioCodec audio_;
    VideoCodec video_;
    Presumed presumed_;
};

}  // namespace livepusher::rtmp
