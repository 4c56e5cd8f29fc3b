// SPDX-License-Identifier: MIT
#include "playback/view.hpp"

#include "media/orientation.hpp"

#include <algorithm>
#include <utility>

namespace livepusher::playback {

namespace {

/// What it needs besides to be seen as the rules say.
VideoFrame toBeTurned(VideoFrame frame, Rotation turn) {
    base::setOrientation(frame, base::then(base::orientationOf(frame), {turn, false}));
    return frame;
}

base::PictureSize squareSize(const VideoFrame& frame) {
    const bool known = frame.sampleAspectNum > 0 && frame.sampleAspectDen > 0;
    const double aspect = known ? static_cast<double>(frame.sampleAspectNum) / frame.sampleAspectDen : 1;
    const base::PictureSize size{std::clamp(base::evenLength(frame.width() * aspect), 2, 8192), frame.height()};
    return base::orientationOf(frame).onItsSide() ? base::PictureSize{size.height, size.width} : size;
}

}  // namespace

ViewRules viewRules(const PlayerProperties& p) {
    const auto turn = p.orientation == Orientation::horizontal ? Rotation::Cw270 : Rotation::None;
    return {.layout = {.fit = p.objectFit, .turn = turn}, .debug = p.debug};
}

std::vector<std::string> statisticsText(PlayerState state, const PlayerNetStatus& s) {
    using std::to_string;
    const std::string name(toString(state));
    if (state == PlayerState::Idle || state == PlayerState::Connecting || state == PlayerState::Ended) return {name};
    std::vector<std::string> lines{
        session::stateLine(name, s),
        session::pictureLine(s),
        session::bitrateLine(s),
        session::networkLine("got", s),
        "delay " + to_string(s.delay) + "/" + to_string(s.targetDelay) + " ms  x" + base::decimalText(s.speed, 2),
        "cache " + to_string(s.videoCache) + "+" + to_string(s.audioCache) + " ms",
        "a-v " + to_string(s.avPlayInterval) + " ms  jitter " + to_string(s.netJitter) + " ms",
        "stalls " + to_string(s.stalls) + "  " + to_string(s.stalledMs) + " ms",
        "skips " + to_string(s.skips) + "  " + to_string(s.skippedMs) + " ms",
        "dropped " + to_string(s.videoDrop) + "  missing " + to_string(s.missing),
        "decoding " + to_string(s.decodeLoad) + " %",
        session::processLine(s),
    };
    if (!s.decoder.empty()) lines.push_back(s.decoder);
    if (!s.serverIp.empty()) lines.push_back("server " + s.serverIp);
    return lines;
}

VideoFrame View::turned(const VideoFrame& frame) const {
    auto turning = toBeTurned(frame, rules_.get()->layout.turn);
    const auto size = squareSize(turning);
    return base::fitted(std::move(turning), size, VideoFit::fillCrop, false, memory_);
}

base::PictureSize View::sizeOf(const VideoFrame& frame) const { return squareSize(toBeTurned(frame, rules_.get()->layout.turn)); }

void View::draw(const VideoFrame& frame, display::Window& window) const {
    const auto rules = rules_.get();
    if (!rules->debug) return window.show(frame, rules->layout);
    // The text stands upright, and where it isn't cut off.
    auto upright = turned(frame);
    const display::PictureLayout layout{rules->layout.fit, Rotation::None};
    statistics_.writeOver(upright, window.seenOf(upright, layout), written_);
    window.show(upright, layout);
}

}  // namespace livepusher::playback
