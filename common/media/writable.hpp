// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include "media/frame_pool.hpp"

namespace livepusher::base {

/// A frame of its own with the same picture.
VideoFrame copied(const VideoFrame& frame, FramePool& pool);

/// Puts a copy in the place of a frame that others hold too, so that it may be written.
void ensureWritable(VideoFrame& frame, FramePool& pool);

}  // namespace livepusher::base
