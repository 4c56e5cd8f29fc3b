// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include "media/argb_picture.hpp"
#include "media/orientation.hpp"

extern "C" {
#include <libavutil/frame.h>
}

namespace livepusher::capture {

/// A still picture as the pipeline takes it: upright, BT.601, of even size (an odd one has its last column or row
/// twice), scaled down to 4096 px a side, over black where it is transparent. Takes every pixel format that lies in
/// memory, slowly: what comes 30 times a second goes through FrameConverter.
/// Errors: SourceFailed, naming the pixel format. [any-thread]
Result<VideoFrame> toFrame(const AVFrame& picture, base::Orientation orientation);

/// The same with what is transparent kept so. Also of even size, an odd one having its last column or row twice.
Result<base::ArgbPicture> toArgb(const AVFrame& picture, base::Orientation orientation);

}  // namespace livepusher::capture
