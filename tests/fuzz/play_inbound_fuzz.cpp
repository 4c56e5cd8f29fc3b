// SPDX-License-Identifier: MIT
// What a hostile server can send to a player after the handshake: chunks, control messages, AMF, media, aggregates.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "net/url.hpp"
#include "rtmp/playing_client.hpp"

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

// Fit for people, and without the stream key.
void requirePresentable(const std::string& text) {
    require(text.size() < 1000 && text.find('\n') == std::string::npos);
    require(text.find("s3cr3t-key") == std::string::npos && text.find("t0ken-value") == std::string::npos);
}

void look(const livepusher::rtmp::Received& received, std::size_t given) {
    using namespace livepusher;
    std::size_t bytes = 0;
    for (const auto& item : received) {
        if (const auto* packet = std::get_if<Packet>(&item)) {
            require(packet->data && (packet->kind == Packet::Kind::Config) == (packet->description != nullptr));
            require(packet->dts.count() >= 0 && packet->dts.count() <= 0xFFFFFFFFLL * 1000);
            bytes += packet->data->size();
        }
        if (const auto* metadata = std::get_if<rtmp::StreamMetadata>(&item)) {
            require(metadata->fields.size() <= 64);
            for (const auto& field : metadata->fields) requirePresentable(field.name + field.text);
        }
        if (const auto* track = std::get_if<rtmp::TrackLeftOut>(&item)) requirePresentable(track->name);
    }
    require(bytes <= 4 * given);  // NAL units of one byte have lengths of four
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
    rtmp::PlayingClient client(*url, {.enhanced = data[0] % 2 == 1}, 1, {});
    require(client.handleInput(handshake, {}).has_value());
    while (!rest.empty()) {
        const auto part = rest.first(std::min(portion, rest.size()));
        rest = rest.subspan(part.size());
        client.output().clear();
        const bool connected = client.connected();
        const auto taken = client.handleInput(part, {});
        if (!connected && client.connected()) client.play({});
        require(client.output().size() <= 4096);  // 32 replies at most, and the commands once
        look(client.takeReceived(), size);
        if (taken) continue;
        require(taken.error().code == Code::ServerClosed || taken.error().code == Code::TransferFailed);
        requirePresentable(taken.error().message);
        break;
    }
    requirePresentable(client.timedOut().message);
    return 0;
}
