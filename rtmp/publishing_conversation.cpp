// SPDX-License-Identifier: MIT
#include "rtmp/publishing_conversation.hpp"

#include "base/ascii.hpp"
#include "endpoint/publisher.hpp"
#include "net/server_text.hpp"

namespace livepusher::rtmp {

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

std::optional<Error> PublishingConversation::checkCapabilities() const {
    const auto& server = capabilities();
    if (video_ == VideoCodec::hevc && !server.hevc) return doesNotTake("H.265", "videoCodec=h264");
    if (video_ == VideoCodec::av1 && !server.av1) return doesNotTake("AV1", "videoCodec=h264");
    if (audio_ == AudioCodec::opus && !server.opus) return doesNotTake("Opus", "audioCodec=aac");
    return std::nullopt;
}

Error PublishingConversation::doesNotTake(const char* codec, const char* instead) const {
    const auto& fourCcs = capabilities().fourCcs;
    std::string text = std::string("the server does not take ") + codec + ": its answer to connect ";
    text += fourCcs.empty() ? "names no codecs of Enhanced RTMP" : "names";
    for (const auto& fourCc : fourCcs) text += (&fourCc == &fourCcs.front() ? " " : ", ") + serverText(fourCc, secrets());
    return {Code::ServerClosed, text + "; " + instead + " works with every server", 0, true};
}

}  // namespace livepusher::rtmp
