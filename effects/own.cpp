// SPDX-License-Identifier: MIT
#include "effects/own.hpp"

#include "effects/planes.hpp"

#include <utility>

namespace livepusher::effects {

void makeOwn(VideoFrame& frame, base::FramePool& pool) {
    if (!frame.shared()) return;
    VideoFrame copied = pool.takeLike(frame);
    copy(viewOf(frame, whole(frame)), writableViewOf(copied, whole(copied)), false);
    frame = std::move(copied);
}

}  // namespace livepusher::effects
