// SPDX-License-Identifier: MIT
#include "media/writable.hpp"

#include "media/planes.hpp"

#include <utility>

namespace livepusher::base {

void ensureWritable(VideoFrame& frame, FramePool& pool) {
    if (!frame.shared()) return;
    VideoFrame copied = pool.takeLike(frame);
    copy(viewOf(frame), writableViewOf(copied));
    frame = std::move(copied);
}

}  // namespace livepusher::base
