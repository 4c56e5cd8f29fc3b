// SPDX-License-Identifier: MIT
#include "picture_writer.hpp"

#include "output_kind.hpp"
#include "partial_file.hpp"
#include "pixels.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace program {

namespace {

using livepusher::Code;
using livepusher::Error;
using livepusher::Result;

Error failed(const std::string& path, const std::string& why) { return {Code::FileFailed, "can't write " + path + ": " + why}; }

/// The only packet of a picture.
Result<PacketPtr> encode(const std::string& path, AVCodecID id, const AVFrame& pixels) {
    const auto* codec = avcodec_find_encoder(id);
    if (codec == nullptr) return failed(path, std::string("this libavcodec has no encoder for ") + avcodec_get_name(id));
    CodecPtr encoder(avcodec_alloc_context3(codec));
    PacketPtr packet(av_packet_alloc());
    if (!encoder || !packet) return failed(path, "out of memory");
    encoder->width = pixels.width;
    encoder->height = pixels.height;
    encoder->pix_fmt = static_cast<AVPixelFormat>(pixels.format);
    encoder->color_range = pixels.color_range;
    encoder->time_base = {1, 1};
    encoder->thread_count = 1;  // more would hold the picture back
    if (id == AV_CODEC_ID_MJPEG) {
        constexpr int kFinest = 2;
        encoder->flags |= AV_CODEC_FLAG_QSCALE;
        encoder->global_quality = kFinest * FF_QP2LAMBDA;
    }
    int result = avcodec_open2(encoder.get(), codec, nullptr);
    if (result >= 0) result = avcodec_send_frame(encoder.get(), &pixels);
    if (result >= 0) result = avcodec_send_frame(encoder.get(), nullptr);
    if (result >= 0) result = avcodec_receive_packet(encoder.get(), packet.get());
    if (result < 0) return failed(path, libavError(result));
    return packet;
}

void carryProfile(const AVFrame& from, AVFrame& to) {
    const auto* profile = av_frame_get_side_data(&from, AV_FRAME_DATA_ICC_PROFILE);
    if (profile == nullptr) return;
    auto* reference = av_buffer_ref(profile->buf);
    if (reference != nullptr && av_frame_new_side_data_from_buf(&to, AV_FRAME_DATA_ICC_PROFILE, reference) == nullptr)
        av_buffer_unref(&reference);
}

}  // namespace

Result<std::string> writePicture(const std::string& path, const livepusher::VideoFrame& picture, const AVFrame& source,
                                 bool overwrite) {
    const bool png = outputKind(path) == OutputKind::Png;
    const FramePtr pixels = png ? toRgb(picture) : toJpegPixels(picture);
    if (!pixels) return failed(path, "out of memory");
    pixels->quality = 2 * FF_QP2LAMBDA;
    carryProfile(source, *pixels);
    const auto packet = encode(path, png ? AV_CODEC_ID_PNG : AV_CODEC_ID_MJPEG, *pixels);
    if (!packet) return packet.error();

    PartialFile file;
    if (auto opened = file.open(path, overwrite); !opened) return opened.error();
    std::FILE* out = std::fopen(file.path().c_str(), "wb");
    if (out == nullptr) return failed(path, std::strerror(errno));  // NOLINT(concurrency-mt-unsafe)
    const auto size = static_cast<std::size_t>((*packet)->size);
    const bool written = std::fwrite((*packet)->data, 1, size, out) == size;
    const int reason = errno;
    const bool closed = std::fclose(out) == 0;
    if (!written || !closed) return failed(path, std::strerror(written ? errno : reason));  // NOLINT(concurrency-mt-unsafe)
    return file.finish();
}

}  // namespace program
