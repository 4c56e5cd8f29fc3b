// SPDX-License-Identifier: MIT
#include "pipeline/view.hpp"

#include "media/fit.hpp"
#include "media/planes.hpp"

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
    std::vector<std::string> lines{
        session::stateLine(name, s),
        session::pictureLine(s),
        session::bitrateLine(s),
        session::networkLine("sent", s),
        "queue " + to_string(s.queueDelay) + " ms  " + to_string(s.videoCache) + "+" + to_string(s.audioCache),
        "dropped " + to_string(s.videoDrop) + "+" + to_string(s.audioDrop),
        "rtt " + to_string(s.rtt) + " ms  jitter " + to_string(s.netJitter) + " ms",
        session::processLine(s),
    };
    if (!s.serverIp.empty()) lines.push_back("server " + s.serverIp);
    return lines;
}

VideoFrame View::mirrored(const Shown& shown) const {
    return rules_.get()->mirror && shown.live ? base::mirrored(shown.frame, pool_) : shown.frame;
}

VideoFrame View::of(const Shown& shown) const {
    auto frame = mirrored(shown);
    if (rules_.get()->debug) statistics_.writeOver(frame, base::whole(frame), pool_);
    return frame;
}

}  // namespace livepusher::pipeline
