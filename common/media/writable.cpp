// SPDX-License-Identifier: MIT
#include "media/writable.hpp"

#include "media/planes.hpp"

namespace livepusher::base {

VideoFrame copied(const VideoFrame& frame, FramePool& pool) {
    VideoFrame own = pool.takeLike(frame);
    copy(viewOf(frame), writableViewOf(own));
    return own;
}

void ensureWritable(VideoFrame& frame, FramePool& pool) {
    if (frame.shared()) frame = copied(frame, pool);
}

}  // namespace livepusher::base
