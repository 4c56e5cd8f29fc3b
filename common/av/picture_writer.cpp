// SPDX-License-Identifier: MIT
#include "av/picture_writer.hpp"

#include "av/av.hpp"
#include "media/planes.hpp"

#include <libyuv.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

namespace livepusher::capture {

namespace {

Error failed(const std::string& path, const std::string& what, int native) {
    return {Code::FileFailed, "snapshot \"" + path + "\": " + what, native};
}

VideoFrame upright(const VideoFrame& frame) {
    const auto orientation = base::orientationOf(frame);
    if (orientation.none()) return frame;
    auto out = orientation.onItsSide() ? VideoFrame::allocate(frame.height(), frame.width())
                                       : VideoFrame::allocate(frame.width(), frame.height());
    out.bt709 = frame.bt709;
    base::copy(base::viewOf(frame), base::writableViewOf(out), orientation);
    return out;
}

void toRgb(const VideoFrame& from, AVFrame& to, libyuv::FilterMode between) {
    // libyuv's "RGB24" lies B, G, R in memory; V and U exchanged with the matching constants gives R, G, B.
    libyuv::I420ToRGB24MatrixFilter(
        from.plane(0), from.stride(0), from.plane(2), from.stride(2), from.plane(1), from.stride(1), to.data[0], to.linesize[0],
        from.bt709 ? &libyuv::kYvuH709Constants : &libyuv::kYvuI601Constants, from.width(), from.height(), between);
}

/// JPEG knows one matrix and range only: BT.601, full.
void toJpegYuv(const VideoFrame& from, AVFrame& to) {
    const int stride = from.width() * 4;
    std::vector<std::uint8_t> argb(static_cast<std::size_t>(stride) * static_cast<std::size_t>(from.height()));
    libyuv::I420ToARGBMatrix(from.plane(0), from.stride(0), from.plane(1), from.stride(1), from.plane(2), from.stride(2),
                             argb.data(), stride, from.bt709 ? &libyuv::kYuvH709Constants : &libyuv::kYuvI601Constants,
                             from.width(), from.height());
    libyuv::ARGBToJ420(argb.data(), stride, to.data[0], to.linesize[0], to.data[1], to.linesize[1], to.data[2], to.linesize[2],
                       from.width(), from.height());
}

int compress(const VideoFrame& picture, SnapshotQuality quality, const PictureOptions& options, AVPacket& packet) {
    const bool png = quality == SnapshotQuality::raw;
    const AVCodec* codec = avcodec_find_encoder(png ? AV_CODEC_ID_PNG : AV_CODEC_ID_MJPEG);
    if (!codec) return AVERROR_ENCODER_NOT_FOUND;
    auto context = quietContext(codec);
    FramePtr frame(av_frame_alloc());
    if (!context || !frame) return AVERROR(ENOMEM);
    context->width = frame->width = picture.width();
    context->height = frame->height = picture.height();
    context->time_base = {1, 1};
    context->thread_count = 1;
    if (png && !options.thorough) context->compression_level = 1;  // a third of the time for a tenth more bytes
    context->pix_fmt = png ? AV_PIX_FMT_RGB24 : AV_PIX_FMT_YUVJ420P;
    frame->format = context->pix_fmt;
    if (!png) {
        const int scale = options.thorough ? 2 : 3;  // of 2 (best) .. 31
        context->color_range = frame->color_range = AVCOL_RANGE_JPEG;
        context->flags |= AV_CODEC_FLAG_QSCALE;
        context->global_quality = frame->quality = FF_QP2LAMBDA * scale;
    }
    if (const int code = avcodec_open2(context.get(), codec, nullptr); code < 0) return code;
    if (const int code = av_frame_get_buffer(frame.get(), 0); code < 0) return code;
    if (!options.profile.empty()) {
        auto* data = av_frame_new_side_data(frame.get(), AV_FRAME_DATA_ICC_PROFILE, options.profile.size());
        if (!data) return AVERROR(ENOMEM);
        std::ranges::copy(options.profile, data->data);
    }
    if (png)
        toRgb(picture, *frame, options.thorough ? libyuv::kFilterBilinear : libyuv::kFilterNone);
    else
        toJpegYuv(picture, *frame);
    if (const int code = avcodec_send_frame(context.get(), frame.get()); code < 0) return code;
    return avcodec_receive_packet(context.get(), &packet);
}

struct FileCloser {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

Result<void> writeFile(const std::string& path, const std::uint8_t* data, std::size_t size) {
    const auto told = [&](int code) { return failed(path, std::generic_category().message(code), code); };
    std::unique_ptr<std::FILE, FileCloser> file(std::fopen(path.c_str(), "wbe"));
    if (!file) return told(errno);
    bool good = std::fwrite(data, 1, size, file.get()) == size;
    int code = errno;
    if (std::fclose(file.release()) != 0 && good) {
        good = false;
        code = errno;
    }
    if (good) return {};
    std::remove(path.c_str());
    return told(code);
}

}  // namespace

Result<std::vector<std::uint8_t>> compressPicture(const VideoFrame& frame, SnapshotQuality quality,
                                                  const PictureOptions& options) {
    PacketPtr packet(av_packet_alloc());
    if (!packet) return Error{Code::FileFailed, "out of memory", ENOMEM};
    if (const int code = compress(upright(frame), quality, options, *packet); code < 0)
        return Error{Code::FileFailed, "could not be compressed (" + avText(code) + ")", code};
    return std::vector<std::uint8_t>(packet->data, packet->data + packet->size);
}

Result<void> writePicture(const VideoFrame& frame, SnapshotQuality quality, const std::string& path) {
    if (!frame) return failed(path, "there is no picture yet", 0);
    const auto bytes = compressPicture(frame, quality);
    if (!bytes) return failed(path, bytes.error().message, bytes.error().native);
    return writeFile(path, bytes->data(), bytes->size());
}

}  // namespace livepusher::capture
