// SPDX-License-Identifier: MIT
// What a hostile server can send after the handshake: chunks, control messages, AMF, words.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include "net/url.hpp"
#include "rtmp/chunk_reader.hpp"
#include "rtmp/conversation.hpp"

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

// Fit for people, and without the stream key.
void requirePresentable(const std::string& text) {
    require(text.size() < 1000 && text.find('\n') == std::string::npos);
    require(text.find("s3cr3t-key") == std::string::npos && text.find("t0ken-value") == std::string::npos);
}

// Where a server sends a push, it is still the same stream at an RTMP server, and no less secret.
void follow(const livepusher::rtmp::ReconnectRequest& request) {
    using namespace livepusher;
    static const auto here = base::Url::parse("rtmps://live.example/app/s3cr3t-key?token=t0ken-value");
    requirePresentable(request.words);
    const auto to = here->redirected(request.tcUrl);
    if (!to) return requirePresentable(to.error().message);
    require(to->scheme() == base::Url::Scheme::Rtmps && to->streamKey() == here->streamKey());
    require(!to->host().empty() && !to->app().empty() && to->redacted().find('\n') == std::string::npos);
}

}  // namespace

// The first byte says in what portions the rest comes, and, being odd, that Enhanced RTMP was offered.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace livepusher;
    if (size == 0) return 0;
    const std::size_t portion = data[0] == 0 ? size : data[0];
    std::span<const std::uint8_t> rest(data + 1, size - 1);

    rtmp::Conversation conversation("s3cr3t-key?token=t0ken-value", data[0] % 2 == 1);
    rtmp::ChunkReader reader([&](const rtmp::InboundMessage& message) {
        require(message.body.size() <= 65536);
        return conversation.take(message);
    });
    while (!rest.empty()) {
        const auto part = rest.first(std::min(portion, rest.size()));
        rest = rest.subspan(part.size());
        const auto error = reader.feed(part);
        conversation.received(part.size());
        require(conversation.takeReplies().size() <= 64);
        require(conversation.capabilities().fourCcs.size() <= 32);
        if (const auto request = conversation.takeReconnectRequest()) follow(*request);
        if (!error) continue;
        require(error->code == Code::ServerClosed || error->code == Code::TransferFailed);
        requirePresentable(error->message);
        break;
    }
    return 0;
}
