// SPDX-License-Identifier: MIT
#include "media/mirror.hpp"

#include "media/orientation.hpp"
#include "media/planes.hpp"

namespace livepusher::effects {

VideoFrame mirrored(const VideoFrame& frame, base::FramePool& pool) {
    VideoFrame out = pool.takeLike(frame);
    const auto from = viewOf(frame, whole(frame));
    const auto to = writableViewOf(out, whole(out));
    // A mirror of its own changes nothing here: the two commute.
    if (base::orientationOf(frame).onItsSide())  // its left and right still lie at bottom and top
        copy(from, to, true);
    else
        mirror(from, to);
    return out;
}

}  // namespace livepusher::effects
