// SPDX-License-Identifier: MIT
#pragma once

#include "rtmp/client.hpp"
#include "rtmp/playing_conversation.hpp"

namespace livepusher::rtmp {

/// A playing client: connects, plays when it is told to, and makes packets of what comes until deleteStream.
class PlayingClient final : public Client {
public:
    struct Settings {
        bool enhanced = false;  ///< say in connect what is decoded
        Decodable decodable{};
        std::chrono::milliseconds buffer{};
        ClientTimeouts timeouts{};
        std::chrono::milliseconds dataTimeout{};  ///< without media, once accepted()
    };

    /// As the base's.
    PlayingClient(const base::Url& url, const Settings& settings, std::uint32_t seed, Time now);

    Result<void> handleInput(std::span<const std::uint8_t> bytes, Time now) override;
    std::optional<Time> nextTimeout() const override;
    Error timedOut() const override;

    void play(Time now) { createStream(now); }  ///< once connected()
    /// What has come since the last call. Between two calls a server can send what handleInput() is given, and one message.
    Received takeReceived() { return conversation_.takeReceived(); }
    bool over() const { return conversation_.over(); }
    using Client::end;

private:
    void askForStream(std::uint32_t streamId) override;

    const Settings settings_;
    const std::string streamKey_;
    PlayingConversation& conversation_;  ///< the base's
    std::uint64_t heard_ = 0;
    std::optional<Time> silentSince_;  ///< once accepted()
};

}  // namespace livepusher::rtmp
