// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include "base/latest.hpp"
#include "base/number_text.hpp"
#include "media/overlay.hpp"
#include "media/picture_size.hpp"

#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace livepusher::session {

/// What the property `debug` writes over what is seen: short lines of ASCII. [any-thread]
class Statistics {
public:
    void tell(std::vector<std::string> lines) { lines_.publish(std::move(lines)); }
    /// Into the upper left corner of that part of a picture. A frame that others hold is replaced by a copy.
    void writeOver(VideoFrame& frame, const base::Rect& within, base::FramePool& pool) const {
        base::drawText(frame, *lines_.get(), within, pool);
    }

private:
    base::Latest<std::vector<std::string>> lines_{{}};
};

// Lines for figures that pushing and playing both have, by the same names.

/// "pushing 1280x720", without the size while there is none.
template <typename Status>
std::string stateLine(std::string_view state, const Status& s) {
    return std::string(state) + (s.videoWidth > 0 ? " " + base::sizeText(s.videoWidth, s.videoHeight) : std::string());
}

template <typename Status>
std::string pictureLine(const Status& s) {
    return "fps " + base::decimalText(s.videoFPS, 1) + "  gop " + base::decimalText(s.videoGOP, 1) + " s";
}

template <typename Status>
std::string bitrateLine(const Status& s) {
    return "video " + std::to_string(s.videoBitrate) + "  audio " + std::to_string(s.audioBitrate) + " kbps";
}

/// `way`: "sent" or "received".
template <typename Status>
std::string networkLine(std::string_view way, const Status& s) {
    return std::string(way) + " " + std::to_string(s.netSpeed) + " kbps  quality " + std::to_string(s.netQualityLevel);
}

template <typename Status>
std::string processLine(const Status& s) {
    return "cpu " + std::to_string(std::lround(s.cpuUsage)) + " %  reconnects " + std::to_string(s.reconnects);
}

}  // namespace livepusher::session
