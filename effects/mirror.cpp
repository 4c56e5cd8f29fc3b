// SPDX-License-Identifier: MIT
#include "effects/mirror.hpp"

#include "effects/planes.hpp"

namespace livepusher::effects {

VideoFrame mirrored(const VideoFrame& frame, base::FramePool& pool) {
    VideoFrame out = pool.take(frame.width(), frame.height());
    out.pts = frame.pts;
    out.rotation = frame.rotation;
    out.sampleAspectNum = frame.sampleAspectNum;
    out.sampleAspectDen = frame.sampleAspectDen;
    out.bt709 = frame.bt709;
    const auto from = viewOf(frame, whole(frame));
    const auto to = writableViewOf(out, whole(out));
    if (isTurned(frame.rotation))  // its left and right still lie at bottom and top
        copy(from, to, true);
    else
        mirror(from, to);
    return out;
}

}  // namespace livepusher::effects
