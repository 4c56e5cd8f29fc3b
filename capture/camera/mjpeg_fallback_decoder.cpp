// SPDX-License-Identifier: MIT
#include "capture/camera/mjpeg_fallback_decoder.hpp"

#include <cstring>

namespace livepusher::capture {

MjpegFallbackDecoder::MjpegFallbackDecoder() {
    const auto* codec = avcodec_find_decoder(AV_CODEC_ID_MJPEG);
    if (!codec) return;
    decoder_.reset(avcodec_alloc_context3(codec));
    decoder_->thread_count = 1;
    decoder_->err_recognition = AV_EF_EXPLODE | AV_EF_CAREFUL;  // what is broken is left out, not mended
    if (avcodec_open2(decoder_.get(), codec, nullptr) < 0) decoder_.reset();
}

std::optional<VideoFrame> MjpegFallbackDecoder::convert(std::span<const std::uint8_t> bytes, int width, int height,
                                                        const base::Rect& crop) {
    if (!decoder_ || bytes.empty()) return std::nullopt;
    const PacketPtr packet(av_packet_alloc());
    const FramePtr frame(av_frame_alloc());
    if (av_new_packet(packet.get(), static_cast<int>(bytes.size())) < 0) return std::nullopt;
    std::memcpy(packet->data, bytes.data(), bytes.size());
    if (avcodec_send_packet(decoder_.get(), packet.get()) < 0) {
        avcodec_flush_buffers(decoder_.get());
        return std::nullopt;
    }
    if (avcodec_receive_frame(decoder_.get(), frame.get()) < 0) return std::nullopt;
    if (frame->width != width || frame->height != height || (frame->flags & AV_FRAME_FLAG_CORRUPT)) return std::nullopt;
    if (!cropTo(*frame, crop)) return std::nullopt;
    auto converted = converter_.convert(*frame);
    if (!converted) return std::nullopt;
    return std::move(*converted);
}

}  // namespace livepusher::capture
