// SPDX-License-Identifier: MIT
#include "media/geometry.hpp"

#include "media/orientation.hpp"

#include <algorithm>

namespace livepusher::base {

namespace {

int even(double length, int most) { return std::clamp(evenLength(length), 2, most); }

Rect centred(PictureSize outer, PictureSize inner) {
    return {(outer.width - inner.width) / 4 * 2, (outer.height - inner.height) / 4 * 2, inner.width, inner.height};
}

/// Of that aspect, as large as `outer` allows, in its middle.
Rect centred(PictureSize outer, double aspect) {
    auto inner = outer;
    if (aspect * outer.height < outer.width)
        inner.width = even(aspect * outer.height, outer.width);
    else
        inner.height = even(outer.width / aspect, outer.height);
    return centred(outer, inner);
}

}  // namespace

Placement place(const VideoFrame& frame, PictureSize target, VideoFit fit) {
    const bool turned = orientationOf(frame).onItsSide();
    const double pixelAspect = frame.sampleAspectNum > 0 && frame.sampleAspectDen > 0
                                   ? static_cast<double>(frame.sampleAspectNum) / frame.sampleAspectDen
                                   : 1.0;
    const Rect whole{0, 0, frame.width(), frame.height()};
    const double width = frame.width() * pixelAspect;
    const double height = frame.height();
    if (fit == VideoFit::contain) return {whole, centred(target, turned ? height / width : width / height)};

    // The target's aspect as the pixels in memory see it.
    const double wanted = static_cast<double>(target.width) / target.height;
    const double aspect = (turned ? 1 / wanted : wanted) / pixelAspect;
    return {centred(sizeOf(frame), aspect), {0, 0, target.width, target.height}};
}

Rect middleOf(PictureSize size, double zoom) {
    const auto side = [&](int length) { return std::clamp(evenLength(length / zoom), std::min(16, length), length & ~1); };
    return centred(size, {side(size.width), side(size.height)});
}

}  // namespace livepusher::base
