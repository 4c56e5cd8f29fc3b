// SPDX-License-Identifier: MIT
#include "media/geometry.hpp"

#include "media/orientation.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace livepusher::effects {

namespace {

int even(double length, int most) { return std::clamp(static_cast<int>(std::lround(length / 2)) * 2, 2, most); }

/// Of that aspect, as large as `outer` allows, in its middle.
Rect centred(int outerWidth, int outerHeight, double aspect) {
    Rect inner{0, 0, outerWidth, outerHeight};
    if (aspect * outerHeight < outerWidth)
        inner.width = even(aspect * outerHeight, outerWidth);
    else
        inner.height = even(outerWidth / aspect, outerHeight);
    inner.x = (outerWidth - inner.width) / 4 * 2;
    inner.y = (outerHeight - inner.height) / 4 * 2;
    return inner;
}

}  // namespace

Placement place(const VideoFrame& frame, const VideoTarget& target, VideoFit fit) {
    const bool turned = base::orientationOf(frame).onItsSide();
    const double pixelAspect = frame.sampleAspectNum > 0 && frame.sampleAspectDen > 0
                                   ? static_cast<double>(frame.sampleAspectNum) / frame.sampleAspectDen
                                   : 1.0;
    const Rect whole{0, 0, frame.width(), frame.height()};
    const double width = frame.width() * pixelAspect;
    const double height = frame.height();
    if (fit == VideoFit::contain) return {whole, centred(target.width, target.height, turned ? height / width : width / height)};

    // The target's aspect as the pixels in memory see it.
    const double wanted = static_cast<double>(target.width) / target.height;
    const double aspect = (turned ? 1 / wanted : wanted) / pixelAspect;
    return {centred(frame.width(), frame.height(), aspect), {0, 0, target.width, target.height}};
}

}  // namespace livepusher::effects
