// SPDX-License-Identifier: MIT
#include "encode/hardware_frames.hpp"

extern "C" {
#include <libavutil/hwcontext.h>
}

namespace livepusher::encode {

namespace {

Error hardwareFailed(const std::string& what, int native) {
    return {Code::VideoEncodeFailed, what + " (" + capture::avText(native) + ")", native};
}

}  // namespace

Result<void> HardwareFrames::open(const std::string& device, int width, int height) {
    AVBufferRef* opened = nullptr;
    if (const int code = av_hwdevice_ctx_create(&opened, AV_HWDEVICE_TYPE_VAAPI, device.c_str(), nullptr, 0); code < 0)
        return hardwareFailed(device + " has no driver for VAAPI that works", code);
    device_.reset(opened);
    frames_.reset(av_hwframe_ctx_alloc(opened));
    if (!frames_) return hardwareFailed("out of memory", AVERROR(ENOMEM));
    constexpr int kPool = 20;  // pictures: the references, those under way and the next
    auto& frames = *reinterpret_cast<AVHWFramesContext*>(frames_->data);
    frames.format = AV_PIX_FMT_VAAPI;
    frames.sw_format = AV_PIX_FMT_NV12;
    frames.width = width;
    frames.height = height;
    frames.initial_pool_size = kPool;
    if (const int code = av_hwframe_ctx_init(frames_.get()); code < 0)
        return hardwareFailed(device + " gives no memory for pictures", code);
    return {};
}

Result<capture::FramePtr> HardwareFrames::upload(const AVFrame& picture) const {
    capture::FramePtr out(av_frame_alloc());
    if (!out) return hardwareFailed("out of memory", AVERROR(ENOMEM));
    if (const int code = av_hwframe_get_buffer(frames_.get(), out.get(), 0); code < 0)
        return hardwareFailed("the GPU has no room for a picture", code);
    if (const int code = av_hwframe_transfer_data(out.get(), &picture, 0); code < 0)
        return hardwareFailed("a picture did not go to the GPU", code);
    if (const int code = av_frame_copy_props(out.get(), &picture); code < 0) return hardwareFailed("out of memory", code);
    return out;
}

}  // namespace livepusher::encode
