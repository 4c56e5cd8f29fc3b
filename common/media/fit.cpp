// SPDX-License-Identifier: MIT
#include "media/fit.hpp"

#include "media/geometry.hpp"
#include "media/planes.hpp"

namespace livepusher::base {

namespace {

PictureSize turned(PictureSize size, Orientation orientation) {
    return orientation.onItsSide() ? PictureSize{size.height, size.width} : size;
}

void transfer(const Source& from, const Target& to, Orientation orientation, FramePool& memory) {
    const PictureSize here{from.width, from.height}, there = turned({to.width, to.height}, orientation);
    const auto pass = passOf(orientation);
    if (here == there) return copy(from, to, orientation);
    if (!pass.mirror && pass.rotation == Rotation::None) return scale(from, to, pass.flip);
    // Two passes, the turn at the smaller of the two sizes.
    if (static_cast<long>(to.width) * to.height < static_cast<long>(from.width) * from.height) {
        VideoFrame between = memory.take(there.width, there.height);
        scale(from, writableViewOf(between));
        copy(viewOf(between), to, orientation);
    } else {
        const auto size = turned(here, orientation);
        VideoFrame between = memory.take(size.width, size.height);
        copy(from, writableViewOf(between), orientation);
        scale(viewOf(between), to);
    }
}

void drawBars(VideoFrame& out, const Rect& picture) {
    const int right = picture.x + picture.width;
    const int bottom = picture.y + picture.height;
    for (const Rect& bar :
         {Rect{0, 0, out.width(), picture.y}, Rect{0, bottom, out.width(), out.height() - bottom},
          Rect{0, picture.y, picture.x, picture.height}, Rect{right, picture.y, out.width() - right, picture.height}})
        black(writableViewOf(out, bar));
}

}  // namespace

VideoFrame fitted(VideoFrame frame, PictureSize size, VideoFit fit, bool mirror, FitMemory& memory) {
    const auto where = place(frame, size, fit);
    // What the frame itself needs, and then what is asked of the upright picture.
    const auto orientation = then(orientationOf(frame), {Rotation::None, mirror});
    const bool bars = where.to.size() != size;
    if (orientation.none() && !bars && where.from == whole(frame) && where.from.size() == size) {
        frame.sampleAspectNum = frame.sampleAspectDen = 1;
        setOrientation(frame, {});  // a mirror of its own, taken back
        return frame;
    }
    VideoFrame out = memory.frames.take(size.width, size.height);
    out.pts = frame.pts;
    out.bt709 = frame.bt709;
    if (bars) drawBars(out, where.to);
    transfer(viewOf(frame, where.from), writableViewOf(out, where.to), orientation, memory.between);
    return out;
}

VideoFrame turned(const VideoFrame& frame, Orientation orientation, FramePool& pool) {
    if (orientation.none()) {
        auto same = frame;
        setOrientation(same, {});
        return same;
    }
    const auto size = turned(sizeOf(frame), orientation);
    VideoFrame out = pool.take(size.width, size.height);
    out.pts = frame.pts;
    out.bt709 = frame.bt709;
    out.sampleAspectNum = orientation.onItsSide() ? frame.sampleAspectDen : frame.sampleAspectNum;
    out.sampleAspectDen = orientation.onItsSide() ? frame.sampleAspectNum : frame.sampleAspectDen;
    copy(viewOf(frame), writableViewOf(out), orientation);
    return out;
}

VideoFrame mirrored(const VideoFrame& frame, FramePool& pool) {
    VideoFrame out = pool.takeLike(frame);
    // A mirror of its own changes nothing here: the two commute. On its side left and right still lie at bottom and top.
    const bool onItsSide = orientationOf(frame).onItsSide();
    copy(viewOf(frame), writableViewOf(out), {onItsSide ? Rotation::Cw180 : Rotation::None, true});
    return out;
}

}  // namespace livepusher::base
