// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "bytes.hpp"
#include "media/packet.hpp"

namespace livepusher::rtmp::test {

inline Packet media(Packet::Track track, Packet::Kind kind, std::int64_t pts, std::int64_t dts, const Bytes& data) {
    return {track, kind, Timestamp(pts), Timestamp(dts), std::make_shared<const Bytes>(data), nullptr};
}

inline Packet media(Packet::Track track, Packet::Kind kind, std::int64_t pts, std::int64_t dts, std::string_view data) {
    return media(track, kind, pts, dts, text(data));
}

inline Packet videoConfig(int width = 640, int height = 360) {
    Packet out = media(Packet::Track::Video, Packet::Kind::Config, 0, 0, "avcC");
    out.description = std::make_shared<const Packet::Description>(Packet::Description{width, height, 30, 2500, 0, 0});
    return out;
}

inline Packet videoConfig(VideoCodec codec) {
    Packet out = media(Packet::Track::Video, Packet::Kind::Config, 0, 0, "record");
    out.description = std::make_shared<const Packet::Description>(
        Packet::Description{.width = 640, .height = 360, .fps = 30, .bitrate = 2500, .videoCodec = codec});
    return out;
}

inline Packet audioConfig() {
    Packet out = media(Packet::Track::Audio, Packet::Kind::Config, 0, 0, "asc");
    out.description = std::make_shared<const Packet::Description>(Packet::Description{0, 0, 0, 128, 48000, 2});
    return out;
}

inline Packet opusConfig() {
    Packet out = media(Packet::Track::Audio, Packet::Kind::Config, 0, 0, "OpusHead");
    out.description = std::make_shared<const Packet::Description>(
        Packet::Description{.bitrate = 96, .sampleRate = 48000, .channels = 2, .audioCodec = AudioCodec::opus});
    return out;
}

}  // namespace livepusher::rtmp::test
