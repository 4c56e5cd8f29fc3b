// SPDX-License-Identifier: MIT
#include "decode/hardware.hpp"

#include "av/av.hpp"

extern "C" {
#include <libavutil/buffer.h>
#include <libavutil/hwcontext.h>
}

namespace livepusher::decode {
namespace {

/// What a decoder's pictures are on a device of that type; AV_PIX_FMT_NONE: it can't be used with it.
AVPixelFormat pixelsOn(const AVCodec* codec, AVHWDeviceType type) {
    for (int i = 0; const auto* way = avcodec_get_hw_config(codec, i); ++i)
        if ((way->methods & AV_CODEC_HW_CONFIG_METHOD_HW_DEVICE_CTX) != 0 && way->device_type == type) return way->pix_fmt;
    return AV_PIX_FMT_NONE;
}

AVHWDeviceType typeOf(const AVBufferRef& device) { return reinterpret_cast<const AVHWDeviceContext*>(device.data)->type; }

/// The device's pictures and no others: where libavcodec doesn't offer them (any more), the device can't decode this stream, and
/// what it would decode by itself is left to the software decoder, which is set up for it.
AVPixelFormat onlyHardware(AVCodecContext* codec, const AVPixelFormat* offered) {
    const auto wanted = pixelsOn(codec->codec, typeOf(*codec->hw_device_ctx));
    for (; *offered != AV_PIX_FMT_NONE; ++offered)
        if (*offered == wanted) return wanted;
    return AV_PIX_FMT_NONE;
}

Result<HardwareSetUp> openDevice(AVHWDeviceType type) {
    capture::routeLibavLog();
    AVBufferRef* made = nullptr;
    if (const int error = av_hwdevice_ctx_create(&made, type, nullptr, nullptr, 0); error < 0)
        return Error{Code::NotAvailable, "no device can be opened: " + capture::avText(error), error};
    const std::shared_ptr<AVBufferRef> device(made, [](AVBufferRef* last) { av_buffer_unref(&last); });
    return HardwareSetUp([device](AVCodecContext& codec) -> Result<void> {
        if (pixelsOn(codec.codec, typeOf(*device)) == AV_PIX_FMT_NONE)
            return Error{Code::NotAvailable, std::string("this libavcodec can't decode ") + codec.codec->name + " with it"};
        codec.hw_device_ctx = av_buffer_ref(device.get());
        if (!codec.hw_device_ctx) return Error{Code::NotAvailable, "out of memory"};
        codec.get_format = onlyHardware;
        return {};
    });
}

}  // namespace

std::vector<HardwareApi> hardwareApis() {
    return {{"VAAPI", [] { return openDevice(AV_HWDEVICE_TYPE_VAAPI); }},
            {"CUDA", [] { return openDevice(AV_HWDEVICE_TYPE_CUDA); }},
            {"VDPAU", [] { return openDevice(AV_HWDEVICE_TYPE_VDPAU); }}};
}

int copyBack(AVFrame& frame) {
    if (!frame.hw_frames_ctx) return 0;
    const capture::FramePtr copy(av_frame_alloc());
    if (!copy) return AVERROR(ENOMEM);
    if (const int error = av_hwframe_transfer_data(copy.get(), &frame, 0); error < 0) return error;
    if (const int error = av_frame_copy_props(copy.get(), &frame); error < 0) return error;
    av_frame_unref(&frame);
    av_frame_move_ref(&frame, copy.get());
    return 0;
}

}  // namespace livepusher::decode
