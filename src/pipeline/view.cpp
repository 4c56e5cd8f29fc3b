// SPDX-License-Identifier: MIT
#include "pipeline/view.hpp"

#include "base/number_text.hpp"
#include "media/fit.hpp"
#include "media/overlay.hpp"

#include <cmath>

namespace livepusher::pipeline {

ViewRules viewRules(const Properties& p, capture::SourceKind source) {
    const bool front = source == capture::SourceKind::Camera && p.devicePosition == DevicePosition::front;
    const bool wanted = p.localMirror == LocalMirror::enable || (p.localMirror == LocalMirror::automatic && front);
    // remoteMirror is in the pushed picture already.
    return {.mirror = wanted != p.remoteMirror, .debug = p.debug};
}

std::vector<std::string> statisticsText(State state, const NetStatus& s) {
    using std::to_string;
    const std::string name(toString(state));
    if (state == State::Idle || state == State::Previewing) return {name};
    const auto size = s.videoWidth > 0 ? " " + to_string(s.videoWidth) + "x" + to_string(s.videoHeight) : std::string();
    std::vector<std::string> lines{
        name + size,
        "fps " + base::decimalText(s.videoFPS, 1) + "  gop " + base::decimalText(s.videoGOP, 1) + " s",
        "video " + to_string(s.videoBitrate) + "  audio " + to_string(s.audioBitrate) + " kbps",
        "sent " + to_string(s.netSpeed) + " kbps  quality " + to_string(s.netQualityLevel),
        "queue " + to_string(s.queueDelay) + " ms  " + to_string(s.videoCache) + "+" + to_string(s.audioCache),
        "dropped " + to_string(s.videoDrop) + "+" + to_string(s.audioDrop),
        "rtt " + to_string(s.rtt) + " ms  jitter " + to_string(s.netJitter) + " ms",
        "cpu " + to_string(std::lround(s.cpuUsage)) + " %  reconnects " + to_string(s.reconnects),
    };
    if (!s.serverIp.empty()) lines.push_back("server " + s.serverIp);
    return lines;
}

VideoFrame View::mirrored(const Shown& shown) const {
    return rules_.get()->mirror && shown.live ? base::mirrored(shown.frame, pool_) : shown.frame;
}

VideoFrame View::of(const Shown& shown) const {
    auto frame = mirrored(shown);
    if (rules_.get()->debug) base::drawText(frame, *statistics_.get(), pool_);
    return frame;
}

}  // namespace livepusher::pipeline
