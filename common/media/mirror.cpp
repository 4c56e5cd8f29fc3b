// SPDX-License-Identifier: MIT
#include "media/mirror.hpp"

#include "media/planes.hpp"

namespace livepusher::base {

VideoFrame mirrored(const VideoFrame& frame, FramePool& pool) {
    VideoFrame out = pool.takeLike(frame);
    // A mirror of its own changes nothing here: the two commute. On its side left and right still lie at bottom and top.
    const bool onItsSide = orientationOf(frame).onItsSide();
    copy(viewOf(frame), writableViewOf(out), {onItsSide ? Rotation::Cw180 : Rotation::None, true});
    return out;
}

}  // namespace livepusher::base
