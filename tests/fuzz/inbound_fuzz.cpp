// SPDX-License-Identifier: MIT
// What a hostile server can send after the handshake: chunks, control messages, AMF, words.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "rtmp/conversation.hpp"
#include "rtmp/inbound.hpp"

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

// The first byte says in what portions the rest comes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace livepusher;
    if (size == 0) return 0;
    const std::size_t portion = data[0] == 0 ? size : data[0];
    std::span<const std::uint8_t> rest(data + 1, size - 1);

    rtmp::Conversation conversation("s3cr3t-key?token=t0ken-value");
    rtmp::InboundReader reader([&](const rtmp::InboundMessage& message) {
        require(message.body.size() <= 65536);
        return conversation.take(message);
    });
    while (!rest.empty()) {
        const auto part = rest.first(std::min(portion, rest.size()));
        rest = rest.subspan(part.size());
        const auto error = reader.feed(part);
        conversation.received(part.size());
        require(conversation.takeReplies().size() <= 64);
        if (!error) continue;
        require(error->code == Code::ServerClosed || error->code == Code::TransferFailed);
        require(error->message.size() < 1000);
        require(error->message.find("s3cr3t-key") == std::string::npos);
        require(error->message.find("t0ken-value") == std::string::npos);
        require(error->message.find('\n') == std::string::npos);
        break;
    }
    return 0;
}
