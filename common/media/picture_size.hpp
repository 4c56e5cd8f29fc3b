// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <cmath>
#include <cstdint>
#include <string>

namespace livepusher::base {

/// Width and height of a picture, in px.
struct PictureSize {
    int width = 0;
    int height = 0;
    bool operator==(const PictureSize&) const = default;
};

inline PictureSize sizeOf(const VideoFrame& frame) { return {frame.width(), frame.height()}; }

/// A part of a picture or of a screen, in px.
struct Rect {
    int x = 0, y = 0, width = 0, height = 0;
    bool operator==(const Rect&) const = default;
    PictureSize size() const { return {width, height}; }
};

/// The even number of pixels that is nearest.
inline int evenLength(double length) { return static_cast<int>(std::lround(length / 2)) * 2; }

/// "1280x720".
inline std::string sizeText(std::int64_t width, std::int64_t height) {
    return std::to_string(width) + "x" + std::to_string(height);
}
inline std::string sizeText(PictureSize size) { return sizeText(size.width, size.height); }

}  // namespace livepusher::base
