// SPDX-License-Identifier: MIT
#include "capture/screen/inset_picture.hpp"

#include "media/matrix.hpp"
#include "media/planes.hpp"
#include "media/writable.hpp"

#include <algorithm>
#include <utility>

namespace livepusher::capture {
namespace {

constexpr double kMargin = 0.02;  // of the pushed width

struct Size {
    double width, height;
};

/// As it is looked at: upright, its pixels square.
Size shownSize(const VideoFrame& frame) {
    Size size{static_cast<double>(frame.width()) * frame.sampleAspectNum / frame.sampleAspectDen,
              static_cast<double>(frame.height())};
    if (base::orientationOf(frame).onItsSide()) std::swap(size.width, size.height);
    return size;
}

struct Rect {
    double left, top, width, height;
};

/// From the upright picture back to before its turn.
Rect turnedBack(const Rect& shown, Size all, Rotation rotation) {
    switch (rotation) {
        case Rotation::None: break;
        case Rotation::Cw90: return {shown.top, all.width - shown.left - shown.width, shown.height, shown.width};
        case Rotation::Cw180:
            return {all.width - shown.left - shown.width, all.height - shown.top - shown.height, shown.width, shown.height};
        case Rotation::Cw270: return {all.height - shown.top - shown.height, shown.left, shown.height, shown.width};
    }
    return shown;
}

/// From the upright picture to the one in memory.
Rect laid(const Rect& shown, Size all, base::Orientation orientation) {
    auto rect = turnedBack(shown, all, orientation.rotation);
    if (orientation.mirrored) rect.left = (orientation.onItsSide() ? all.height : all.width) - rect.left - rect.width;
    return rect;
}

}  // namespace

InsetPlace insetPlace(const VideoFrame& main, const VideoFrame& inset, const WantedVideo& wanted, const VideoWishes& wishes) {
    const auto all = shownSize(main), small = shownSize(inset);
    Size seen = all;  // what a crop to the pushed aspect leaves
    if (wanted.width > 0 && wanted.height > 0) {
        const double scale = std::min(all.width / wanted.width, all.height / wanted.height);
        seen = {wanted.width * scale, wanted.height * scale};
    }
    const double margin = kMargin * seen.width;
    double width = wishes.insetWidth * seen.width, height = width * small.height / small.width;
    if (const double most = seen.height - 2 * margin; height > most) {
        width *= most / height;
        height = most;
    }
    const bool right = wishes.insetPosition == InsetPosition::topRight || wishes.insetPosition == InsetPosition::bottomRight;
    const bool bottom = wishes.insetPosition == InsetPosition::bottomLeft || wishes.insetPosition == InsetPosition::bottomRight;
    const Rect shown{(all.width - seen.width) / 2 + (right ? seen.width - margin - width : margin),
                     (all.height - seen.height) / 2 + (bottom ? seen.height - margin - height : margin), width, height};
    auto place = laid(shown, all, base::orientationOf(main));
    const double aspect = static_cast<double>(main.sampleAspectDen) / main.sampleAspectNum;  // back to main's own pixels
    place.left *= aspect;
    place.width *= aspect;
    base::Rect rect;
    rect.width = std::clamp(base::evenLength(place.width), 2, main.width());
    rect.height = std::clamp(base::evenLength(place.height), 2, main.height());
    rect.x = std::clamp(base::evenLength(place.left), 0, main.width() - rect.width);
    rect.y = std::clamp(base::evenLength(place.top), 0, main.height() - rect.height);
    // Upright by itself, and then as main lies, whose turn takes both on.
    return {rect, base::then(base::orientationOf(inset), base::inverse(base::orientationOf(main)))};
}

void InsetPicture::renew(const VideoFrame& inset, const InsetPlace& place, bool bt709) {
    const auto [width, height] = place.rect.size();
    const bool onItsSide = place.turn.onItsSide();
    auto small = smalls_.take(onItsSide ? height : width, onItsSide ? width : height);
    base::scale(base::viewOf(inset), base::writableViewOf(small));
    if (!place.turn.none()) {
        auto turned = turned_.take(width, height);
        base::copy(base::viewOf(small), base::writableViewOf(turned), place.turn);
        small = std::move(turned);
    }
    small.bt709 = inset.bt709;
    small_ = base::withMatrix(small, bt709);  // small as it is, that costs next to nothing
    source_ = inset;
    turn_ = place.turn;
    bt709_ = bt709;
}

VideoFrame InsetPicture::drawn(VideoFrame main, const VideoFrame& inset, const InsetPlace& place) {
    const bool same = source_ && source_.plane(0) == inset.plane(0) && base::sizeOf(small_) == place.rect.size() &&
                      turn_ == place.turn && bt709_ == main.bt709;
    if (!same) renew(inset, place, main.bt709);
    base::ensureWritable(main, mains_);
    base::copy(base::viewOf(small_), base::writableViewOf(main, place.rect));
    return main;
}

}  // namespace livepusher::capture
