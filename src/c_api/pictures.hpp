// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/livepusher.h>
#include <livepusher/media.hpp>

namespace livepusher::c_api {

/// A picture as C sees it; valid as long as `frame`.
livepusher_video_frame viewOf(const VideoFrame& frame);

/// Lends `frame` to a callback that may change or replace it; what it leaves that is no picture becomes an empty frame.
void render(livepusher_handle* pusher, livepusher_render_fn callback, VideoFrame& frame);

}  // namespace livepusher::c_api
