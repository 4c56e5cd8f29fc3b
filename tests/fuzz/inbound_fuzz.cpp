// SPDX-License-Identifier: MIT
// What a hostile server can send after the handshake: chunks, control messages, AMF, words. The client does as a publisher would.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "net/url.hpp"
#include "rtmp/publishing_client.hpp"

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

    static const auto url = base::Url::parse("rtmp://live.example/app/s3cr3t-key?token=t0ken-value");
    static const std::vector<std::uint8_t> handshake = [] {
        std::vector<std::uint8_t> out(rtmp::Client::kHandshakeBytes);
        out[0] = 3;
        return out;
    }();
    rtmp::PublishingClient client(*url, {.enhanced = data[0] % 2 == 1 ? EnhancedRtmp::require : EnhancedRtmp::off}, 1, {});
    require(client.handleInput(handshake, {}).has_value());
    while (!rest.empty()) {
        const auto part = rest.first(std::min(portion, rest.size()));
        rest = rest.subspan(part.size());
        client.output().clear();
        const bool connected = client.connected();
        const auto taken = client.handleInput(part, {});
        if (!connected && client.connected()) client.publish({});
        require(client.output().size() <= 4096);  // 32 replies at most, and the commands once
        require(client.capabilities().fourCcs.size() <= 32);
        if (const auto request = client.takeReconnectRequest()) follow(*request);
        requirePresentable(client.timedOut().message);
        if (taken) continue;
        require(taken.error().code == Code::ServerClosed || taken.error().code == Code::TransferFailed);
        requirePresentable(taken.error().message);
        break;
    }
    return 0;
}
