// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include "av/av.hpp"

extern "C" {
#include <libavutil/buffer.h>
#include <libavutil/pixfmt.h>
}

#include <memory>
#include <string>

namespace livepusher::encode {

struct AvBufferFree {
    void operator()(AVBufferRef* p) const { av_buffer_unref(&p); }
    void operator()(AVBufferPool* p) const { av_buffer_pool_uninit(&p); }
};

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

/// Pictures in a GPU's own memory, which VAAPI's encoders read.
class HardwareFrames {
public:
    /// `device`: path of a render node. Errors: VideoEncodeFailed.
    Result<void> open(const std::string& device, int width, int height);
    AVBufferRef* frames() const { return frames_.get(); }  ///< of AVCodecContext::hw_frames_ctx, which takes a reference
    /// Copies an NV12 picture there, its pts and type with it. Errors: VideoEncodeFailed.
    Result<capture::FramePtr> upload(const AVFrame& picture) const;

private:
    std::unique_ptr<AVBufferRef, AvBufferFree> device_, frames_;
};

}  // namespace livepusher::encode
