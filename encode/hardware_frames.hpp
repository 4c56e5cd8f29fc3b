// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "av/av.hpp"

extern "C" {
#include <libavutil/buffer.h>
}

#include <string>

namespace livepusher::encode {

struct AvBufferFree {
    void operator()(AVBufferRef* p) const { av_buffer_unref(&p); }
    void operator()(AVBufferPool* p) const { av_buffer_pool_uninit(&p); }
};
using AvBuffer = std::unique_ptr<AVBufferRef, AvBufferFree>;

/// Pictures in a GPU's own memory, which VAAPI's encoders read.
class HardwareFrames {
public:
    /// `device`: path of a render node. Errors: VideoEncodeFailed.
    Result<void> open(const std::string& device, int width, int height);
    AVBufferRef* frames() const { return frames_.get(); }  ///< of AVCodecContext::hw_frames_ctx, which takes a reference
    /// Copies an NV12 picture there, its pts and type with it. Errors: VideoEncodeFailed.
    Result<capture::FramePtr> upload(const AVFrame& picture) const;

private:
    AvBuffer device_, frames_;
};

}  // namespace livepusher::encode
