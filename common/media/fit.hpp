// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>
#include <livepusher/properties.hpp>

#include "media/frame_pool.hpp"
#include "media/orientation.hpp"
#include "media/picture_size.hpp"

namespace livepusher::base {

/// What fitted() takes its memory from, kept from one frame to the next.
struct FitMemory {
    FramePool frames;
    FramePool between{1};
};

/// The frame upright and in that size, with its time and colour matrix: its own rotation and mirror, pixel aspect, crop or
/// black bars, scale, then `mirror`. One that is right already is not even copied.
VideoFrame fitted(VideoFrame frame, PictureSize size, VideoFit fit, bool mirror, FitMemory& memory);

/// The picture as it lies in memory, with that done to it: upright, if it is what the frame needs. One that needs nothing is not
/// even copied. Its pixel aspect is turned with it.
VideoFrame turned(const VideoFrame& frame, Orientation orientation, FramePool& pool);

/// The frame as a mirror shows it, once upright: for the local view. `frame` stays as it is.
VideoFrame mirrored(const VideoFrame& frame, FramePool& pool);

}  // namespace livepusher::base
