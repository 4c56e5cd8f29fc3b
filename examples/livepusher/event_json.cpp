// SPDX-License-Identifier: MIT
#include "event_json.hpp"

#include <chrono>
#include <cmath>

namespace program {

namespace {

std::int64_t unixMilliseconds() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

Json stamped(Json object) {
    object["time"] = unixMilliseconds();
    return object;
}

double rounded(double value) { return std::round(value * 1000) / 1000; }

}  // namespace

Json stateChangeJson(const livepusher::StateChangeEvent& event) {
    return stamped({{"event", "statechange"}, {"code", event.code}, {"message", event.message}});
}

Json netStatusJson(const livepusher::NetStatusEvent& event) {
    return stamped({{"event", "netstatus"}, {"info", toJson(event.info)}});
}

Json errorJson(const livepusher::ErrorEvent& event) {
    return stamped({{"event", "error"}, {"errCode", event.errCode}, {"errMsg", event.errMsg}});
}

Json bgmProgressJson(const livepusher::BgmProgressEvent& event) {
    return stamped({{"event", "bgmprogress"}, {"progress", event.progress}, {"duration", event.duration}});
}

Json audioVolumeJson(int level) { return stamped({{"event", "audiovolumenotify"}, {"level", level}}); }

Json plainEventJson(std::string_view event) { return stamped({{"event", event}}); }

Json resultJson(std::string_view method, int errCode, std::string_view errMsg) {
    return stamped({{"event", "result"}, {"method", method}, {"ok", errCode == 0}, {"errCode", errCode}, {"errMsg", errMsg}});
}

Json resultJson(std::string_view method, const livepusher::SnapshotResult& result) {
    return stamped({{"event", "result"},
                    {"method", method},
                    {"ok", result.errCode == 0},
                    {"errCode", result.errCode},
                    {"errMsg", result.errMsg},
                    {"tempImagePath", result.tempImagePath},
                    {"width", result.width},
                    {"height", result.height}});
}

Json toJson(const livepusher::NetStatus& status) {
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
            {"renderLate", status.renderLate}};
}

}  // namespace program
