// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include "encode/hardware_frames.hpp"

extern "C" {
#include <libavutil/pixfmt.h>
}

namespace livepusher::encode {

/// Frames as libavcodec's encoders take them; null: no memory.
class AvPictures {
public:
    /// As planes: the frame's own memory, no copy. As NV12: a picture of pooled memory.
    capture::FramePtr make(const VideoFrame& frame, AVPixelFormat format);

private:
    capture::FramePtr interleaved(const VideoFrame& frame);

    std::unique_ptr<AVBufferPool, AvBufferFree> pool_;
    std::size_t poolSize_ = 0;  ///< bytes of each picture in it
};

}  // namespace livepusher::encode
