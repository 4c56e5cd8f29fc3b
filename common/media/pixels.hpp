// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

namespace livepusher::base {

/// The conversion at the capture edge, for pixels that come from outside libav (the application, raw files, cameras).

/// Whether `view` can be read: sizes, planes, strides. Errors: InvalidArgument, naming the field. [any-thread]
Result<void> checkView(const VideoFrameView& view);

/// Fills `frame`, of the view's size, with the view's picture, its rotation and mirror, and its matrix. The view must
/// have passed checkView(). [any-thread]
void convertView(const VideoFrameView& view, VideoFrame& frame);

/// Full range to limited, in place (ITU-T H.273 §8.3), rounded to the nearest. [any-thread]
void limitRange(VideoFrame& frame);

}  // namespace livepusher::base
