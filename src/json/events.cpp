// SPDX-License-Identifier: MIT
#include <livepusher/json.hpp>

#include "json/event_lines.hpp"

#include <chrono>
#include <cmath>

namespace livepusher {

namespace json {

std::string stamped(Json object) {
    using namespace std::chrono;
    object["time"] = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
    return toLine(object);
}

double rounded(double value) { return std::round(value * 1000) / 1000; }

}  // namespace json

namespace {

using json::Json;
using json::rounded;
using json::stamped;

/// Whose event it is, where it is one target's.
Json ofTarget(Json object, const std::string& targetId) {
    if (!targetId.empty()) object["target"] = targetId;
    return object;
}

Json object(const NetStatus& status) {
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
            {"videoDrop", status.videoDrop},
            {"audioDrop", status.audioDrop},
            {"serverIp", status.serverIp},
            {"cpuUsage", rounded(status.cpuUsage)},
            {"queueDelay", status.queueDelay},
            {"rtt", status.rtt},
            {"reconnects", status.reconnects},
            {"bytesSent", status.bytesSent},
            {"videoFrames", status.videoFrames},
            {"audioFrames", status.audioFrames},
            {"encodeLoad", status.encodeLoad},
            {"videoPreset", status.videoPreset},
            {"renderLate", status.renderLate}};
}

/// Any kind of result, with `more` of its own.
std::string resultJson(std::string_view method, const auto& result, const Json& more = Json::object()) {
    Json object{{"event", "result"},
                {"method", method},
                {"ok", result.errCode == 0},
                {"errCode", result.errCode},
                {"errMsg", result.errMsg}};
    object.update(more);
    return stamped(std::move(object));
}

}  // namespace

std::string toJson(const StateChangeEvent& event) {
    return stamped(ofTarget({{"event", "statechange"}, {"code", event.code}, {"message", event.message}}, event.targetId));
}

std::string toJson(const NetStatusEvent& event) {
    return stamped(ofTarget({{"event", "netstatus"}, {"info", object(event.info)}}, event.targetId));
}

std::string toJson(const ErrorEvent& event) {
    return stamped(ofTarget({{"event", "error"}, {"errCode", event.errCode}, {"errMsg", event.errMsg}}, event.targetId));
}

std::string toJson(const BgmProgressEvent& event) {
    return stamped({{"event", "bgmprogress"}, {"progress", event.progress}, {"duration", event.duration}});
}

std::string audioVolumeJson(int level) { return stamped({{"event", "audiovolumenotify"}, {"level", level}}); }

std::string plainEventJson(std::string_view event) { return stamped({{"event", event}}); }

std::string toJson(std::string_view method, const MethodResult& result) { return resultJson(method, result); }

std::string toJson(std::string_view method, const SnapshotResult& result) {
    return resultJson(method, result,
                      {{"tempImagePath", result.tempImagePath}, {"width", result.width}, {"height", result.height}});
}

std::string toJson(std::string_view method, const MaxZoomResult& result) {
    return resultJson(method, result, {{"maxZoom", result.maxZoom}});
}

std::string toJson(const NetStatus& status) { return json::toLine(object(status)); }

Handlers jsonHandlers(const JsonSink& sink) {
    auto handlers = json::sharedHandlers<Handlers>(sink);
    const auto plain = [&](std::string_view event) { return [sink, event] { sink(event, 0, plainEventJson(event)); }; };
    handlers.onBgmStart = plain("bgmstart");
    handlers.onBgmProgress = [sink](const auto& event) { sink("bgmprogress", 0, toJson(event)); };
    handlers.onBgmComplete = plain("bgmcomplete");
    return handlers;
}

}  // namespace livepusher
