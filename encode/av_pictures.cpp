// SPDX-License-Identifier: MIT
#include "encode/av_pictures.hpp"

#include <libyuv.h>

extern "C" {
#include <libavutil/hwcontext.h>
}

namespace livepusher::encode {

namespace {

/// libavcodec keeps it for as long as it needs the pixels, and only reads them.
capture::FramePtr shared(const VideoFrame& frame) {
    capture::FramePtr out(av_frame_alloc());
    if (!out) return nullptr;
    auto holder = std::make_unique<VideoFrame>(frame);
    const auto* begin = frame.plane(0);
    const auto* end = frame.plane(2) + static_cast<std::ptrdiff_t>(frame.stride(2)) * (frame.height() / 2);
    out->buf[0] = av_buffer_create(
        const_cast<std::uint8_t*>(begin), static_cast<std::size_t>(end - begin),
        [](void* opaque, std::uint8_t*) { delete static_cast<VideoFrame*>(opaque); }, holder.get(), AV_BUFFER_FLAG_READONLY);
    if (!out->buf[0]) return nullptr;
    static_cast<void>(holder.release());  // the buffer's now
    for (int i = 0; i < 3; ++i) {
        out->data[i] = const_cast<std::uint8_t*>(frame.plane(i));
        out->linesize[i] = frame.stride(i);
    }
    return out;
}

Error hardwareFailed(const std::string& what, int native) {
    return {Code::VideoEncodeFailed, what + " (" + capture::avText(native) + ")", native};
}

}  // namespace

capture::FramePtr AvPictures::interleaved(const VideoFrame& frame) {
    constexpr int kAlign = 64;
    const int stride = (frame.width() + kAlign - 1) / kAlign * kAlign;
    const auto luma = static_cast<std::size_t>(stride) * static_cast<std::size_t>(frame.height());
    const auto size = luma * 3 / 2 + kAlign;  // reading a little past the end is safe, as with a VideoFrame
    if (!pool_ || poolSize_ != size) {
        pool_.reset(av_buffer_pool_init(size, nullptr));
        poolSize_ = size;
    }
    capture::FramePtr out(av_frame_alloc());
    if (!out || !pool_) return nullptr;
    out->buf[0] = av_buffer_pool_get(pool_.get());
    if (!out->buf[0]) return nullptr;
    out->data[0] = out->buf[0]->data;
    out->data[1] = out->data[0] + luma;
    out->linesize[0] = out->linesize[1] = stride;
    libyuv::I420ToNV12(frame.plane(0), frame.stride(0), frame.plane(1), frame.stride(1), frame.plane(2), frame.stride(2),
                       out->data[0], stride, out->data[1], stride, frame.width(), frame.height());
    return out;
}

capture::FramePtr AvPictures::make(const VideoFrame& frame, AVPixelFormat format) {
    auto out = format == AV_PIX_FMT_NV12 ? interleaved(frame) : shared(frame);
    if (!out) return nullptr;
    out->format = format;
    out->width = frame.width();
    out->height = frame.height();
    return out;
}

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
