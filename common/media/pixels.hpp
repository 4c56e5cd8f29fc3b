// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

namespace livepusher::capture {

/// The conversion at the capture edge, for pixels that come from outside libav (the application, raw files).

/// Whether `view` can be read: sizes, planes, strides. Errors: InvalidArgument, naming the field. [any-thread]
Result<void> checkView(const VideoFrameView& view);

/// Fills `frame`, of the view's size, with the view's picture, its rotation and mirror, and its matrix. The view must
/// have passed checkView(). [any-thread]
void convertView(const VideoFrameView& view, VideoFrame& frame);

}  // namespace livepusher::capture
