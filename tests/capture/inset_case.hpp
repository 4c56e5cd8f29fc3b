// SPDX-License-Identifier: MIT
#pragma once

#include "capture/source.hpp"

#include <algorithm>

namespace livepusher::capture {

inline VideoFrame plain(int width, int height, int luma, Timestamp pts = {}) {
    auto frame = VideoFrame::allocate(width, height);
    for (int y = 0; y < height; ++y)
        std::fill_n(frame.mutablePlane(0) + y * frame.stride(0), width, static_cast<std::uint8_t>(luma));
    frame.pts = pts;
    return frame;
}

inline VideoFrame turned(VideoFrame frame, Rotation rotation) {
    frame.rotation = rotation;
    return frame;
}

inline constexpr WantedVideo kWanted{.width = 1280, .height = 720, .fps = 30};

inline VideoWishes wishes(InsetPosition position, double width = 0.25) {
    VideoWishes made;
    made.insetPosition = position;
    made.insetWidth = width;
    return made;
}

}  // namespace livepusher::capture
