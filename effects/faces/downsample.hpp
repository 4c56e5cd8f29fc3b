// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include "media/frame_pool.hpp"

namespace livepusher::effects::faces {

/// A frame made small for looking at: 480..960 px along its longer side, or as it was where it is smaller.
struct SmallPicture {
    VideoFrame frame;  ///< its time is the original's
    int factor = 1;    ///< px of the original for one of these
    int width = 0;     ///< px of the original; what did not fill a pixel is left out at right and bottom
    int height = 0;    ///< px of the original
    bool operator!() const { return !frame; }
};

SmallPicture downsample(const VideoFrame& frame, base::FramePool& pool);

}  // namespace livepusher::effects::faces
