// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>
#include <livepusher/properties.hpp>

#include "media/video_target.hpp"

namespace livepusher::effects {

struct Rect {
    int x = 0, y = 0, width = 0, height = 0;  ///< px, all even
    bool operator==(const Rect&) const = default;
};

/// Which part of a frame goes where.
struct Placement {
    Rect from;  ///< of the frame as it lies in memory, before its turn
    Rect to;    ///< of the target; smaller than it where black bars remain
    bool operator==(const Placement&) const = default;
};

/// Centred; exact to the pixel pair that 4:2:0 allows.
Placement place(const VideoFrame& frame, const VideoTarget& target, VideoFit fit);

}  // namespace livepusher::effects
