// SPDX-License-Identifier: MIT
#include <livepusher/player_json.hpp>

#include "json/event_lines.hpp"
#include "json/json.hpp"

#include <span>

namespace livepusher {

namespace {

using json::Json;
using json::rounded;
using json::stamped;

Json object(const PlayerNetStatus& status) {
    return {{"videoBitrate", status.videoBitrate},
            {"audioBitrate", status.audioBitrate},
            {"videoFPS", rounded(status.videoFPS)},
            {"videoGOP", rounded(status.videoGOP)},
            {"netSpeed", status.netSpeed},
            {"netJitter", status.netJitter},
            {"netQualityLevel", status.netQualityLevel},
            {"videoWidth", status.videoWidth},
            {"videoHeight", status.videoHeight},
            {"videoCache", status.videoCache},
            {"audioCache", status.audioCache},
            {"vDecCacheSize", status.vDecCacheSize},
            {"vSumCacheSize", status.vSumCacheSize},
            {"avPlayInterval", status.avPlayInterval},
            {"avRecvInterval", status.avRecvInterval},
            {"audioCacheThreshold", status.audioCacheThreshold},
            {"delay", status.delay},
            {"targetDelay", status.targetDelay},
            {"speed", rounded(status.speed)},
            {"stalls", status.stalls},
            {"stalledMs", status.stalledMs},
            {"skips", status.skips},
            {"skippedMs", status.skippedMs},
            {"videoDrop", status.videoDrop},
            {"missing", status.missing},
            {"reconnects", status.reconnects},
            {"serverIp", status.serverIp},
            {"decoder", status.decoder},
            {"decodeLoad", status.decodeLoad},
            {"cpuUsage", rounded(status.cpuUsage)},
            {"bytesReceived", status.bytesReceived},
            {"glassDelay", status.glassDelay ? Json(*status.glassDelay) : Json()}};
}

std::string hex(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const auto byte : bytes) {
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 0xFU];
    }
    return text;
}

}  // namespace

std::string toJson(const PlayerNetStatusEvent& event) { return stamped({{"event", "netstatus"}, {"info", object(event.info)}}); }

std::string toJson(const FullScreenChangeEvent& event) {
    return stamped({{"event", "fullscreenchange"}, {"fullScreen", event.fullScreen}, {"direction", event.direction}});
}

std::string toJson(const PlayerMessageEvent& event) {
    if (event.ours) return stamped({{"event", "message"}, {"message", std::string(event.bytes.begin(), event.bytes.end())}});
    return stamped({{"event", "message"}, {"data", hex(event.bytes)}});
}

std::string toJson(const PlayerNetStatus& status) { return json::toLine(object(status)); }

PlayerHandlers jsonPlayerHandlers(const JsonSink& sink) {
    auto handlers = json::sharedHandlers<PlayerHandlers>(sink);
    handlers.onFullScreenChange = [sink](const auto& event) { sink("fullscreenchange", 0, toJson(event)); };
    handlers.onWindowClosed = [sink] { sink("windowclosed", 0, plainEventJson("windowclosed")); };
    handlers.onMessage = [sink](const auto& event) { sink("message", 0, toJson(event)); };
    return handlers;
}

}  // namespace livepusher
