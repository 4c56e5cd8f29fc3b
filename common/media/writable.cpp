// SPDX-License-Identifier: MIT
#include "media/writable.hpp"

#include "media/planes.hpp"

#include <utility>

namespace livepusher::effects {

void ensureWritable(VideoFrame& frame, base::FramePool& pool) {
    if (!frame.shared()) return;
    VideoFrame copied = pool.takeLike(frame);
    copy(viewOf(frame, whole(frame)), writableViewOf(copied, whole(copied)), false);
    frame = std::move(copied);
}

}  // namespace livepusher::effects
