// SPDX-License-Identifier: MIT
#include "make_picture.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "av/av.hpp"
#include "av/picture_header.hpp"
#include "must.hpp"

extern "C" {
#include <libavutil/crc.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
}

namespace livepusher::capture {
namespace {

bool isFullRange(AVPixelFormat format) {
    return format == AV_PIX_FMT_YUVJ420P || format == AV_PIX_FMT_YUVJ422P || format == AV_PIX_FMT_YUVJ444P;
}

/// A component's value, 0..255: BT.601 for YUV.
double componentOf(const Rgba& colour, const AVPixFmtDescriptor& format, bool full, int c) {
    const double r = colour[0], g = colour[1], b = colour[2];
    const double luma = 0.299 * r + 0.587 * g + 0.114 * b;
    const bool grey = format.nb_components < 3;
    if (c == 3 || (grey && c == 1)) return colour[3];
    if (grey) return luma;
    if (format.flags & AV_PIX_FMT_FLAG_RGB) return colour[static_cast<unsigned>(c)];
    if (c == 0) return full ? luma : 16 + luma * 219 / 255;
    const double chroma = c == 1 ? (b - luma) / 1.772 : (r - luma) / 1.402;
    return 128 + (full ? chroma : chroma * 224 / 255);
}

const Rgba& cornerOf(const Corners& corners, bool right, bool bottom) {
    if (bottom) return right ? corners.bottomRight : corners.bottomLeft;
    return right ? corners.topRight : corners.topLeft;
}

void paintPalette(AVFrame& frame, const Corners& corners) {
    for (const unsigned i : {0U, 1U, 2U, 3U}) {
        const auto& colour = cornerOf(corners, (i & 1U) != 0, (i & 2U) != 0);
        for (const auto& [at, from] : {std::pair{0, 2}, {1, 1}, {2, 0}, {3, 3}})
            frame.data[1][4 * static_cast<int>(i) + at] = static_cast<std::uint8_t>(colour[static_cast<unsigned>(from)]);
    }
    for (int y = 0; y < frame.height; ++y)
        for (int x = 0; x < frame.width; ++x)
            frame.data[0][y * frame.linesize[0] + x] =
                static_cast<std::uint8_t>((x >= frame.width / 2 ? 1 : 0) + (y >= frame.height / 2 ? 2 : 0));
}

void paint(AVFrame& frame, const Corners& corners) {
    const auto& format = *av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
    if (format.flags & AV_PIX_FMT_FLAG_PAL) return paintPalette(frame, corners);
    const bool full = isFullRange(static_cast<AVPixelFormat>(frame.format));
    for (int c = 0; c < format.nb_components; ++c) {
        const bool chroma = (c == 1 || c == 2) && format.nb_components >= 3;
        const int width = chroma ? AV_CEIL_RSHIFT(frame.width, format.log2_chroma_w) : frame.width;
        const int height = chroma ? AV_CEIL_RSHIFT(frame.height, format.log2_chroma_h) : frame.height;
        const double most = (1 << format.comp[c].depth) - 1;
        std::vector<std::uint16_t> row(static_cast<std::size_t>(width));
        for (int y = 0; y < height; ++y) {
            for (int x = 0; x < width; ++x) {
                const auto& colour = cornerOf(corners, x >= width / 2, y >= height / 2);
                row[static_cast<std::size_t>(x)] =
                    static_cast<std::uint16_t>(std::lround(componentOf(colour, format, full, c) * most / 255));
            }
            av_write_image_line(row.data(), frame.data, frame.linesize, &format, 0, y, c, width);
        }
    }
}

std::string big(std::size_t value, int bytes) {
    std::string text;
    while (bytes-- > 0) text += static_cast<char>(value >> (8 * bytes) & 255U);
    return text;
}

std::string little(std::size_t value, int bytes) {
    std::string text;
    for (; bytes-- > 0; value >>= 8U) text += static_cast<char>(value & 255U);
    return text;
}

}  // namespace

std::string makePicture(const PictureRecipe& recipe) {
    const auto* codec = avcodec_find_encoder_by_name(recipe.codec);
    if (!codec) throw std::runtime_error(std::string("no encoder ") + recipe.codec);
    const CodecPtr context(avcodec_alloc_context3(codec));
    context->width = recipe.width;
    context->height = recipe.height;
    context->pix_fmt = recipe.format;
    context->time_base = {1, 1};
    context->thread_count = 1;
    context->flags |= AV_CODEC_FLAG_QSCALE;
    context->global_quality = std::string_view(recipe.codec) == "mjpeg" ? 2 * FF_QP2LAMBDA : 95 * FF_QP2LAMBDA;
    if (isFullRange(recipe.format)) context->color_range = AVCOL_RANGE_JPEG;
    if (std::string_view(recipe.codec) == "libwebp") av_opt_set_int(context->priv_data, "lossless", recipe.lossless, 0);
    must(avcodec_open2(context.get(), codec, nullptr), "encoder");

    const FramePtr frame(av_frame_alloc());
    frame->width = recipe.width;
    frame->height = recipe.height;
    frame->format = recipe.format;
    frame->quality = context->global_quality;
    must(av_frame_get_buffer(frame.get(), 0), "frame");
    for (int i = 0; i < AV_NUM_DATA_POINTERS && frame->buf[i]; ++i)  // what follows only sets bits
        std::fill_n(frame->buf[i]->data, frame->buf[i]->size, std::uint8_t{0});
    paint(*frame, recipe.corners);
    must(avcodec_send_frame(context.get(), frame.get()), "send");
    must(avcodec_send_frame(context.get(), nullptr), "flush");
    const PacketPtr packet(av_packet_alloc());
    must(avcodec_receive_packet(context.get(), packet.get()), "receive");
    std::string bytes(reinterpret_cast<const char*>(packet->data), static_cast<std::size_t>(packet->size));
    if (std::string_view(recipe.codec) == "gif") bytes += ';';  // the muxer's part
    return bytes;
}

std::string exifBlock(int orientation, bool bigEndian) {
    using namespace std::string_literals;
    const auto value = static_cast<char>(orientation);
    if (bigEndian) return "MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"s + value + "\0\0\0\0\0\0"s;
    return "II*\0\x08\0\0\0"s                 // the first directory at 8
           "\x01\0\x12\x01\x03\0\x01\0\0\0"s  // one entry: tag 0x0112, one short
           + value + "\0\0\0\0\0\0\0"s;
}

std::string withChunk(const std::string& png, const std::string& name, const std::string& data) {
    constexpr std::size_t kBehindHeader = 33;
    const auto body = name + data;
    const auto sum = av_crc(av_crc_get_table(AV_CRC_32_IEEE_LE), 0xFFFFFFFFU, reinterpret_cast<const std::uint8_t*>(body.data()),
                            body.size()) ^
                     0xFFFFFFFFU;
    return png.substr(0, kBehindHeader) + big(data.size(), 4) + body + big(sum, 4) + png.substr(kBehindHeader);
}

std::string withOrientation(const std::string& picture, int orientation) {
    using namespace std::string_literals;
    const auto exif = exifBlock(orientation);
    if (picture.starts_with("\x89PNG")) return withChunk(picture, "eXIf", exif);
    if (picture.starts_with("RIFF")) {
        // The container specification's extended form, in place of the simple one: what there is, the size, the picture, EXIF.
        const auto header = readPictureHeader({reinterpret_cast<const std::uint8_t*>(picture.data()), picture.size()});
        if (!header) throw std::runtime_error(header.error().message);
        const auto size =
            little(static_cast<std::size_t>(header->width - 1), 3) + little(static_cast<std::size_t>(header->height - 1), 3);
        const auto body =
            "WEBPVP8X"s + little(10, 4) + "\x08\0\0\0"s + size + picture.substr(12) + "EXIF" + little(exif.size(), 4) + exif;
        return "RIFF" + little(body.size(), 4) + body;
    }
    const auto segment = "Exif\0\0"s + exif;
    return picture.substr(0, 2) + "\xFF\xE1" + big(segment.size() + 2, 2) + segment + picture.substr(2);
}

std::string greyJpeg() {
    using namespace std::string_literals;
    return "\xFF\xD8"s
           "\xFF\xDB\x00\x43\x00"s +
           std::string(64, '\x01') +                                // quantisation: all ones
           "\xFF\xC0\x00\x0B\x08\x00\x08\x00\x08\x01\x01\x11\x00"s  // 8 x 8, one component
           "\xFF\xC4\x00\x14\x00\x01"s +
           std::string(15, '\0') +
           "\x08"s  // DC: "0" is category 8
           "\xFF\xC4\x00\x14\x10\x01"s +
           std::string(15, '\0') +
           "\x00"s  // AC: "0" ends the block
           "\xFF\xDA\x00\x08\x01\x01\x00\x00\x3F\x00"s
           "\x64\x3F"s  // 0 11001000 0: DC 200, so 128 + 200 / 8 = 153
           "\xFF\xD9"s;
}

}  // namespace livepusher::capture
