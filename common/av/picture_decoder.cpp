// SPDX-License-Identifier: MIT
#include "av/picture_decoder.hpp"

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "av/av.hpp"
#include "av/exif.hpp"
#include "av/picture_header.hpp"
#include "av/picture_pixels.hpp"
#include "base/big_endian.hpp"
#include "media/picture_size.hpp"
#include "media/source_failed.hpp"

namespace livepusher::capture {
namespace {

constexpr std::int64_t kMaxDecodedSide = 32'768;
constexpr std::int64_t kMaxDecodedPixels = 64LL * 1024 * 1024;

struct Kind {
    AVCodecID codec;
    const char* name;
};

Kind kindOf(PictureKind kind) {
    switch (kind) {
        case PictureKind::Jpeg: return {AV_CODEC_ID_MJPEG, "JPEG"};
        case PictureKind::Png: return {AV_CODEC_ID_PNG, "PNG"};
        case PictureKind::WebP: return {AV_CODEC_ID_WEBP, "WebP picture"};
        case PictureKind::Gif: return {AV_CODEC_ID_GIF, "GIF"};
        case PictureKind::Bmp: break;
    }
    return {AV_CODEC_ID_BMP, "BMP"};
}

/// The chunks that make the picture. The others are left out: the decoder would unpack compressed texts and colour
/// profiles of any size, and play animations.
std::vector<std::uint8_t> strippedPng(std::span<const std::uint8_t> bytes) {
    std::vector<std::uint8_t> kept(bytes.begin(), bytes.begin() + 8);
    for (std::size_t at = 8; at + 12 <= bytes.size();) {
        const auto* chunk = bytes.data() + at;
        const std::string_view name(reinterpret_cast<const char*>(chunk + 4), 4);
        const auto length = static_cast<std::size_t>(base::readBig(bytes.subspan(at, 4)));
        if (length > bytes.size() - at - 12) break;
        if (name == "IHDR" || name == "PLTE" || name == "tRNS" || name == "IDAT" || name == "IEND")
            kept.insert(kept.end(), chunk, chunk + length + 12);
        if (name == "IEND") break;
        at += length + 12;
    }
    return kept;
}

int decode(AVCodecID id, std::span<const std::uint8_t> bytes, AVFrame& frame) {
    const auto* decoder = avcodec_find_decoder(id);
    if (!decoder) return AVERROR_DECODER_NOT_FOUND;
    const CodecPtr codec(avcodec_alloc_context3(decoder));
    const PacketPtr packet(av_packet_alloc());
    if (!codec || !packet) return AVERROR(ENOMEM);
    codec->thread_count = 1;
    codec->max_pixels = kMaxDecodedPixels;
    // Viewers forgive a JPEG odd segments; a PNG has sums to go by.
    if (id == AV_CODEC_ID_PNG) codec->err_recognition = AV_EF_CRCCHECK | AV_EF_EXPLODE;
    if (const int error = avcodec_open2(codec.get(), decoder, nullptr); error < 0) return error;
    if (const int error = av_new_packet(packet.get(), static_cast<int>(bytes.size())); error < 0) return error;
    std::memcpy(packet->data, bytes.data(), bytes.size());
    packet->flags |= AV_PKT_FLAG_KEY;
    if (const int error = avcodec_send_packet(codec.get(), packet.get()); error < 0) return error;
    if (const int error = avcodec_send_packet(codec.get(), nullptr); error < 0) return error;
    return avcodec_receive_frame(codec.get(), &frame);
}

Result<FramePtr> decoded(std::span<const std::uint8_t> bytes) {
    routeLibavLog();
    const auto header = readPictureHeader(bytes);
    if (!header) return header.error();
    const auto [width, height] = std::pair(header->width, header->height);
    const auto [codec, name] = kindOf(header->kind);
    if (width > kMaxDecodedSide || height > kMaxDecodedSide || width * height > kMaxDecodedPixels)
        return base::sourceFailed("size " + base::sizeText(width, height) + ": must be at most " +
                                  std::to_string(kMaxDecodedSide) + " px a side and " +
                                  std::to_string(kMaxDecodedPixels / 1024 / 1024) + " megapixels");
    FramePtr frame(av_frame_alloc());
    if (!frame) return base::sourceFailed("out of memory", AVERROR(ENOMEM));
    const bool png = header->kind == PictureKind::Png;
    const int error = png ? decode(codec, strippedPng(bytes), *frame) : decode(codec, bytes, *frame);
    if (error == AVERROR_EOF) return base::sourceFailed(std::string("a ") + name + " without a picture in it", error);
    if (error < 0) return base::sourceFailed(std::string("a ") + name + " that can't be decoded: " + avText(error), error);
    const auto range =
        header->kind == PictureKind::Jpeg && frame->color_range != AVCOL_RANGE_MPEG ? AVCOL_RANGE_JPEG : frame->color_range;
    frame->color_range = range;
    return frame;
}

}  // namespace

Result<VideoFrame> decodePicture(std::span<const std::uint8_t> bytes) {
    const auto frame = decoded(bytes);
    if (!frame) return frame.error();
    return toFrame(**frame, exifOrientation(readPictureExif(bytes)));
}

Result<base::ArgbPicture> decodeArgb(std::span<const std::uint8_t> bytes) {
    const auto frame = decoded(bytes);
    if (!frame) return frame.error();
    return toArgb(**frame, exifOrientation(readPictureExif(bytes)));
}

}  // namespace livepusher::capture
