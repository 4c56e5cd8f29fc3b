// SPDX-License-Identifier: MIT
#pragma once

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

/// The even number of pixels that is nearest.
inline int evenLength(double length) { return static_cast<int>(std::lround(length / 2)) * 2; }

/// "1280x720".
inline std::string sizeText(std::int64_t width, std::int64_t height) {
    return std::to_string(width) + "x" + std::to_string(height);
}
inline std::string sizeText(PictureSize size) { return sizeText(size.width, size.height); }

}  // namespace livepusher::base
