// SPDX-License-Identifier: MIT
#include "capture/screen/inset_picture.hpp"

#include "media/matrix.hpp"

#include <libyuv.h>

#include <cstddef>
#include <utility>

namespace livepusher::capture {

void InsetPicture::renew(const VideoFrame& inset, const InsetPlace& place, bool bt709) {
    const bool onItsSide = place.turn.onItsSide();
    const int width = onItsSide ? place.height : place.width, height = onItsSide ? place.width : place.height;
    auto scaled = smalls_.take(width, height);
    libyuv::I420Scale(inset.plane(0), inset.stride(0), inset.plane(1), inset.stride(1), inset.plane(2), inset.stride(2),
                      inset.width(), inset.height(), scaled.mutablePlane(0), scaled.stride(0), scaled.mutablePlane(1),
                      scaled.stride(1), scaled.mutablePlane(2), scaled.stride(2), width, height, libyuv::kFilterBox);
    if (!place.turn.none()) {
        auto turned = turned_.take(place.width, place.height);
        const auto pass = base::passOf(place.turn);
        if (pass.mirror)
            libyuv::I420Mirror(scaled.plane(0), scaled.stride(0), scaled.plane(1), scaled.stride(1), scaled.plane(2),
                               scaled.stride(2), turned.mutablePlane(0), turned.stride(0), turned.mutablePlane(1),
                               turned.stride(1), turned.mutablePlane(2), turned.stride(2), width, height);
        else
            libyuv::I420Rotate(scaled.plane(0), scaled.stride(0), scaled.plane(1), scaled.stride(1), scaled.plane(2),
                               scaled.stride(2), turned.mutablePlane(0), turned.stride(0), turned.mutablePlane(1),
                               turned.stride(1), turned.mutablePlane(2), turned.stride(2), width, pass.flip ? -height : height,
                               static_cast<libyuv::RotationMode>(pass.rotation));
        scaled = std::move(turned);
    }
    scaled.bt709 = inset.bt709;
    small_ = base::withMatrix(scaled, bt709);  // small as it is, that costs next to nothing
    source_ = inset;
    turn_ = place.turn;
    bt709_ = bt709;
}

VideoFrame InsetPicture::drawn(VideoFrame main, const VideoFrame& inset, const InsetPlace& place) {
    const bool same = source_ && source_.plane(0) == inset.plane(0) && small_.width() == place.width &&
                      small_.height() == place.height && turn_ == place.turn && bt709_ == main.bt709;
    if (!same) renew(inset, place, main.bt709);
    if (main.shared()) {
        auto own = mains_.takeLike(main);
        libyuv::I420Copy(main.plane(0), main.stride(0), main.plane(1), main.stride(1), main.plane(2), main.stride(2),
                         own.mutablePlane(0), own.stride(0), own.mutablePlane(1), own.stride(1), own.mutablePlane(2),
                         own.stride(2), main.width(), main.height());
        main = std::move(own);
    }
    for (int plane = 0; plane < 3; ++plane) {
        const int half = plane > 0 ? 2 : 1;
        auto* to = main.mutablePlane(plane) + std::ptrdiff_t{place.top / half} * main.stride(plane) + place.left / half;
        libyuv::CopyPlane(small_.plane(plane), small_.stride(plane), to, main.stride(plane), place.width / half,
                          place.height / half);
    }
    return main;
}

}  // namespace livepusher::capture
