// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

namespace livepusher::capture {

/// A part of a picture; all even.
struct PictureCrop {
    int left = 0, top = 0, width = 0, height = 0;  ///< px
    bool operator==(const PictureCrop&) const = default;
};

/// The middle of a picture, `zoom` times smaller, of the same shape as near as even numbers allow.
PictureCrop middleOf(int width, int height, double zoom);

/// Full range to limited, in place (ITU-T H.273 §8.3), rounded to the nearest.
void limitRange(VideoFrame& frame);

}  // namespace livepusher::capture
