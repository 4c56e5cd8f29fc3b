// SPDX-License-Identifier: MIT
#include "capture/screen/inset_picture.hpp"

#include "media/matrix.hpp"
#include "media/planes.hpp"
#include "media/writable.hpp"

#include <utility>

namespace livepusher::capture {

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
