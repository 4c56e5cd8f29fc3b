// SPDX-License-Identifier: MIT
#include "effects/faces/downsample.hpp"

#include <algorithm>

#include "media/planes.hpp"

namespace livepusher::effects::faces {

namespace {
constexpr int kLongest = 960;
}

SmallPicture downsample(const VideoFrame& frame, base::FramePool& pool) {
    SmallPicture small;
    small.width = frame.width();
    small.height = frame.height();
    while (std::max(frame.width(), frame.height()) > kLongest * small.factor) small.factor *= 2;
    // A whole number of pixels for each: libyuv's fast ways, and places in one are exactly places in the other.
    const int step = 2 * small.factor;
    const base::Rect part{0, 0, frame.width() / step * step, frame.height() / step * step};
    if (part.width == 0 || part.height == 0) return {};
    small.frame = pool.take(part.width / small.factor, part.height / small.factor);
    small.frame.pts = frame.pts;
    small.frame.bt709 = frame.bt709;
    base::scale(base::viewOf(frame, part), base::writableViewOf(small.frame));
    return small;
}

}  // namespace livepusher::effects::faces
