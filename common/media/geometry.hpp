// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>
#include <livepusher/properties.hpp>

#include "media/picture_size.hpp"

namespace livepusher::base {

/// Which part of a frame goes where; all even.
struct Placement {
    Rect from;  ///< of the frame as it lies in memory, before its turn
    Rect to;    ///< of the target; smaller than it where black bars remain
    bool operator==(const Placement&) const = default;
};

/// Centred; exact to the pixel pair that 4:2:0 allows.
Placement place(const VideoFrame& frame, PictureSize target, VideoFit fit);

/// The middle of a picture, `zoom` times smaller, of the same shape as near as even numbers allow.
Rect middleOf(PictureSize size, double zoom);

}  // namespace livepusher::base
