// SPDX-License-Identifier: MIT
#include "rtmp/publishing_conversation.hpp"

#include "base/ascii.hpp"
#include "endpoint/publisher.hpp"
#include "net/server_text.hpp"

namespace livepusher::rtmp {

bool offers(EnhancedRtmp enhanced, AudioCodec audio, VideoCodec video) {
    if (enhanced != EnhancedRtmp::automatic) return enhanced != EnhancedRtmp::off;
    return audio != AudioCodec::aac || video != VideoCodec::h264;
}

bool PublishingConversation::refusesStream(std::string_view code) const {
    return code == "NetStream.Publish.BadName" || code == "NetStream.Publish.Denied" || code == "NetStream.Publish.Failed";
}

std::optional<Error> PublishingConversation::takeStatus(std::string_view code, std::string_view description) {
    if (code == "NetStream.Publish.Start") started();
    if (code == "NetStream.Unpublish.Success" && step() == Step::Accepted) return refusal(code, description);
    return std::nullopt;
}

// Some servers tell a name in use by another code, and by these words.
int PublishingConversation::refusalKind(std::string_view code, std::string_view description) const {
    const bool inUse = code == "NetStream.Publish.BadName" || base::containsAnyCase(description, "already publish") ||
                       base::containsAnyCase(description, "in use") || base::containsAnyCase(description, "already exist");
    return inUse ? kNameInUse : 0;
}

std::optional<Error> PublishingConversation::checkCapabilities() {
    if (enhanced_ == EnhancedRtmp::assume) return std::nullopt;
    const auto& server = capabilities();
    const struct {
        bool wanted, named, anyOfTheKind;
        const char *codec, *instead;
        int which;
    } codecs[] = {
        {video_ == VideoCodec::hevc, server.hevc, server.anyVideo, "H.265", "videoCodec=h264", kPicturesNotTaken},
        {video_ == VideoCodec::av1, server.av1, server.anyVideo, "AV1", "videoCodec=h264", kPicturesNotTaken},
        {audio_ == AudioCodec::opus, server.opus, server.anyAudio, "Opus", "audioCodec=aac", kSoundNotTaken},
    };
    for (const auto& c : codecs) {
        if (!c.wanted || c.named) continue;
        if (enhanced_ != EnhancedRtmp::automatic || c.anyOfTheKind) return doesNotTake(c.codec, c.instead, c.which);
        presumed_.names += (presumed_.names.empty() ? "" : " and ") + std::string(c.codec);
        presumed_.which |= c.which;
    }
    return std::nullopt;
}

Error PublishingConversation::doesNotTake(const char* codec, const char* instead, int which) const {
    const auto& fourCcs = capabilities().fourCcs;
    std::string text = std::string("the server does not take ") + codec + ": its answer to connect ";
    text += fourCcs.empty() ? "names no codecs of Enhanced RTMP" : "names";
    for (const auto& fourCc : fourCcs) text += (&fourCc == &fourCcs.front() ? " " : ", ") + serverText(fourCc, secrets());
    return {Code::ServerClosed, text + "; " + instead + " works with every server",
            enhanced_ == EnhancedRtmp::automatic ? which : 0, true};
}

}  // namespace livepusher::rtmp
