// SPDX-License-Identifier: MIT
#include "rtmp/playing_client.hpp"

#include "base/big_endian.hpp"
#include "base/seconds_text.hpp"
#include "net/server_text.hpp"
#include "rtmp/commands.hpp"

namespace livepusher::rtmp {

namespace {

// A key frame of the largest pictures fits into half of it; both together are what a server can make us hold.
constexpr ChunkLimits kLimits{
    .message = std::size_t{8} << 20U, .unfinished = std::size_t{16} << 20U, .extendedMayBeMissing = true};

}  // namespace

PlayingClient::PlayingClient(const base::Url& url, const Settings& settings, std::uint32_t seed, Time now)
    : Client(std::make_unique<PlayingConversation>(secretsOf(url), settings.enhanced),
             playingConnectCommand(url, settings.enhanced ? &settings.decodable : nullptr), settings.timeouts, kLimits, seed,
             now),
      settings_(settings),
      streamKey_(url.streamKey()),
      conversation_(static_cast<PlayingConversation&>(conversation())) {}

Result<void> PlayingClient::handleInput(std::span<const std::uint8_t> bytes, Time now) {
    auto done = Client::handleInput(bytes, now);
    const auto heard = conversation_.mediaMessages();
    if (accepted() && (!silentSince_ || heard != heard_)) silentSince_ = now;
    heard_ = heard;
    return done;
}

std::optional<Protocol::Time> PlayingClient::nextTimeout() const {
    if (!silentSince_ || ended() || over()) return Client::nextTimeout();
    return *silentSince_ + settings_.dataTimeout;
}

Error PlayingClient::timedOut() const {
    if (!silentSince_) return Client::timedOut();
    return {Code::TransferFailed, "the server has sent no media for " + base::secondsText(settings_.dataTimeout)};
}

// The length first: it is for the server's beginning (RTMP 1.0 §7.1.7).
void PlayingClient::askForStream(std::uint32_t streamId) {
    control(MessageType::UserControl, setBufferLength(streamId, settings_.buffer));
    command(playCommand(streamKey_), streamId);
}

}  // namespace livepusher::rtmp
