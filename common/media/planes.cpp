// SPDX-License-Identifier: MIT
#include "media/planes.hpp"

#include <libyuv.h>

#include <cassert>

namespace livepusher::base {

namespace {

template <typename V, typename Byte>
V view(std::array<Byte*, 3> planes, std::array<int, 3> strides, const Rect& part) {
    V made{planes, strides, part.width, part.height};
    for (std::size_t i = 0; i < 3; ++i) {
        const int x = i == 0 ? part.x : part.x / 2;
        const int y = i == 0 ? part.y : part.y / 2;
        made.plane[i] += static_cast<std::ptrdiff_t>(y) * strides[i] + x;
    }
    return made;
}

void done([[maybe_unused]] int result) { assert(result == 0); }  // libyuv refuses only null planes and empty sizes

int heightFor(const Source& from, bool flip) { return flip ? -from.height : from.height; }  // libyuv's way to say it

}  // namespace

Source viewOf(const VideoFrame& frame, const Rect& part) {
    return view<Source>(std::array{frame.plane(0), frame.plane(1), frame.plane(2)},
                        {frame.stride(0), frame.stride(1), frame.stride(2)}, part);
}

Target writableViewOf(VideoFrame& frame, const Rect& part) {
    return view<Target>(std::array{frame.mutablePlane(0), frame.mutablePlane(1), frame.mutablePlane(2)},
                        {frame.stride(0), frame.stride(1), frame.stride(2)}, part);
}

void copy(const Source& from, const Target& to, Orientation orientation) {
    const auto pass = passOf(orientation);
    if (pass.mirror)
        return done(libyuv::I420Mirror(from.plane[0], from.stride[0], from.plane[1], from.stride[1], from.plane[2],
                                       from.stride[2], to.plane[0], to.stride[0], to.plane[1], to.stride[1], to.plane[2],
                                       to.stride[2], from.width, from.height));
    done(libyuv::I420Rotate(from.plane[0], from.stride[0], from.plane[1], from.stride[1], from.plane[2], from.stride[2],
                            to.plane[0], to.stride[0], to.plane[1], to.stride[1], to.plane[2], to.stride[2], from.width,
                            heightFor(from, pass.flip), static_cast<libyuv::RotationMode>(pass.rotation)));
}

void scale(const Source& from, const Target& to, bool flip) {
    // Box averages all pixels; where less than two fall together libyuv itself takes bilinear instead.
    done(libyuv::I420Scale(from.plane[0], from.stride[0], from.plane[1], from.stride[1], from.plane[2], from.stride[2],
                           from.width, heightFor(from, flip), to.plane[0], to.stride[0], to.plane[1], to.stride[1], to.plane[2],
                           to.stride[2], to.width, to.height, libyuv::kFilterBox));
}

void black(const Target& to) {
    if (to.width == 0 || to.height == 0) return;
    done(libyuv::I420Rect(to.plane[0], to.stride[0], to.plane[1], to.stride[1], to.plane[2], to.stride[2], 0, 0, to.width,
                          to.height, 16, 128, 128));
}

}  // namespace livepusher::base
