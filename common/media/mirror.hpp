// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include "media/frame_pool.hpp"

namespace livepusher::base {

/// The frame as a mirror shows it, once upright: for the local view. `frame` stays as it is.
VideoFrame mirrored(const VideoFrame& frame, FramePool& pool);

}  // namespace livepusher::base
