// SPDX-License-Identifier: MIT
#include "av/frame_converter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <vector>

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace livepusher::capture {
namespace {

/// A frame of one colour, given as limited-range BT.601 or RGB as the format has it.
FramePtr plain(AVPixelFormat format, int width = 64, int height = 48) {
    FramePtr frame(av_frame_alloc());
    frame->format = format;
    frame->width = width;
    frame->height = height;
    EXPECT_EQ(av_frame_get_buffer(frame.get(), 0), 0);
    for (int i = 0; i < AV_NUM_DATA_POINTERS && frame->buf[i]; ++i)  // what follows only sets bits
        std::memset(frame->buf[i]->data, 0, frame->buf[i]->size);
    const auto* description = av_pix_fmt_desc_get(format);
    const bool rgb = (description->flags & AV_PIX_FMT_FLAG_RGB) != 0;
    const std::uint16_t values[4] = {std::uint16_t(rgb ? 255 : 81), std::uint16_t(rgb ? 0 : 90), std::uint16_t(rgb ? 0 : 240),
                                     255};
    for (int c = 0; c < description->nb_components; ++c) {
        const auto& component = description->comp[c];
        const bool chroma = !rgb && (c == 1 || c == 2);
        const int w = chroma ? AV_CEIL_RSHIFT(width, description->log2_chroma_w) : width;
        const int h = chroma ? AV_CEIL_RSHIFT(height, description->log2_chroma_h) : height;
        const auto value =
            std::uint16_t(component.depth > 8 ? values[c] << (component.depth - 8) : values[c] >> (8 - component.depth));
        for (int y = 0; y < h; ++y) {
            const std::vector<std::uint16_t> row(static_cast<std::size_t>(w), value);
            av_write_image_line(row.data(), frame->data, frame->linesize, description, 0, y, c, w);
        }
    }
    return frame;
}

TEST(FrameConverter, EveryFormatItTakesComesOutInTheRightColour) {
    for (const auto format :
         {AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV422P, AV_PIX_FMT_YUV444P, AV_PIX_FMT_YUV411P, AV_PIX_FMT_YUV410P, AV_PIX_FMT_YUV440P,
          AV_PIX_FMT_YUVA420P, AV_PIX_FMT_NV12, AV_PIX_FMT_NV21, AV_PIX_FMT_YUYV422, AV_PIX_FMT_UYVY422, AV_PIX_FMT_RGB24,
          AV_PIX_FMT_BGR24, AV_PIX_FMT_RGBA, AV_PIX_FMT_BGRA, AV_PIX_FMT_ARGB, AV_PIX_FMT_ABGR, AV_PIX_FMT_RGB0, AV_PIX_FMT_BGR0,
          AV_PIX_FMT_0RGB, AV_PIX_FMT_0BGR, AV_PIX_FMT_RGB565LE, AV_PIX_FMT_RGB555LE, AV_PIX_FMT_GBRP, AV_PIX_FMT_GBRAP,
          AV_PIX_FMT_YUV420P10LE, AV_PIX_FMT_YUV422P10LE, AV_PIX_FMT_YUV444P10LE, AV_PIX_FMT_YUV420P12LE, AV_PIX_FMT_P010LE,
          // By libswscale:
          AV_PIX_FMT_YUV422P12LE, AV_PIX_FMT_YUV444P12LE, AV_PIX_FMT_YUV444P16LE, AV_PIX_FMT_YUV420P10BE, AV_PIX_FMT_YUVA444P10LE,
          AV_PIX_FMT_YUVA444P12LE, AV_PIX_FMT_YUVA422P10LE, AV_PIX_FMT_P016LE, AV_PIX_FMT_GBRP10LE, AV_PIX_FMT_GBRP12LE,
          AV_PIX_FMT_GBRP16LE, AV_PIX_FMT_GBRAP12LE, AV_PIX_FMT_RGB48LE, AV_PIX_FMT_RGB48BE, AV_PIX_FMT_BGR48LE,
          AV_PIX_FMT_RGBA64LE, AV_PIX_FMT_RGBA64BE, AV_PIX_FMT_BGR8, AV_PIX_FMT_Y210LE}) {
        SCOPED_TRACE(av_get_pix_fmt_name(format));
        FrameConverter converter;
        const auto frame = converter.convert(*plain(format));
        ASSERT_TRUE(frame) << frame.error().message;
        EXPECT_FALSE(frame->bt709);
        for (const int i : {0, 1}) {  // the first and the last
            EXPECT_NEAR(frame->plane(0)[i * (47 * frame->stride(0) + 63)], 81, 2);
            EXPECT_NEAR(frame->plane(1)[i * (23 * frame->stride(1) + 31)], 90, 2);
            EXPECT_NEAR(frame->plane(2)[i * (23 * frame->stride(2) + 31)], 240, 2);
        }
    }
}

TEST(FrameConverter, OddSizesAreCroppedToEven) {
    FrameConverter converter;
    const auto frame = converter.convert(*plain(AV_PIX_FMT_YUV420P, 65, 49));
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->width(), 64);
    EXPECT_EQ(frame->height(), 48);
}

TEST(FrameConverter, FullRangeIsLimitedExactlyAtItsEnds) {
    auto source = plain(AV_PIX_FMT_YUVJ420P);
    const std::uint8_t table[][2] = {{0, 16}, {255, 235}, {128, 126}};
    for (const auto& row : table) {
        std::fill_n(source->data[0], source->linesize[0] * 48, row[0]);
        std::fill_n(source->data[1], source->linesize[1] * 24, std::uint8_t{128});
        std::fill_n(source->data[2], source->linesize[2] * 24, std::uint8_t{255});
        FrameConverter converter;
        const auto frame = converter.convert(*source);
        ASSERT_TRUE(frame);
        EXPECT_EQ(frame->plane(0)[5], row[1]);
        EXPECT_EQ(frame->plane(1)[5], 128);
        EXPECT_EQ(frame->plane(2)[5], 240);
    }
}

TEST(FrameConverter, TheMatrixIsToldOrGuessedFromTheSize) {
    FrameConverter converter;
    auto source = plain(AV_PIX_FMT_YUV420P);
    source->colorspace = AVCOL_SPC_BT709;
    EXPECT_TRUE(converter.convert(*source)->bt709);
    source->colorspace = AVCOL_SPC_SMPTE170M;
    EXPECT_FALSE(converter.convert(*source)->bt709);
    EXPECT_TRUE(converter.convert(*plain(AV_PIX_FMT_YUV420P, 1280, 720))->bt709);
}

/// The first pixel of what comes out.
std::array<int, 3> first(const AVFrame& source) {
    FrameConverter converter;
    const auto frame = converter.convert(source);
    EXPECT_TRUE(frame) << frame.error().message;
    if (!frame) return {};
    return {frame->plane(0)[0], frame->plane(1)[0], frame->plane(2)[0]};
}

/// Sets each component to a value of its own in all pixels.
void setAll(AVFrame& frame, int component, std::uint16_t value) {
    const auto& description = *av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
    const std::vector<std::uint16_t> row(static_cast<std::size_t>(frame.width), value);
    const auto& where = description.comp[component];
    const auto bytes = static_cast<unsigned>(where.depth + 7) / 8;
    for (int y = 0; y < frame.height; ++y) {
        auto* line = frame.data[where.plane] + y * frame.linesize[where.plane] + where.offset;
        for (int x = 0; x < frame.width && where.depth >= 8; ++x) std::memset(line + x * where.step, 0, bytes);
        av_write_image_line(row.data(), frame.data, frame.linesize, &description, 0, y, component, frame.width);
    }
}

void expectNear(const std::array<int, 3>& is, const std::array<int, 3>& right, int off) {
    for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(is[i], right[i], off) << "plane " << i;
}

TEST(FrameConverter, APaletteIsTaken) {
    auto source = plain(AV_PIX_FMT_PAL8);
    reinterpret_cast<std::uint32_t*>(source->data[1])[255] = 0xFFFF0000;  // the index that plain() writes
    const int index = source->data[0][0];
    reinterpret_cast<std::uint32_t*>(source->data[1])[index] = 0xFFFF0000;
    expectNear(first(*source), {81, 90, 240}, 2);
}

TEST(FrameConverter, GreyOfAnyDepthIsFullRangeUnlessItTells) {
    for (const auto format :
         {AV_PIX_FMT_GRAY8, AV_PIX_FMT_GRAY10LE, AV_PIX_FMT_GRAY12LE, AV_PIX_FMT_GRAY14LE, AV_PIX_FMT_GRAY16LE,
          AV_PIX_FMT_GRAY16BE, AV_PIX_FMT_YA8, AV_PIX_FMT_YA16LE, AV_PIX_FMT_MONOBLACK}) {
        SCOPED_TRACE(av_get_pix_fmt_name(format));
        auto source = plain(format);
        const auto& description = *av_pix_fmt_desc_get(format);
        for (int c = 0; c < description.nb_components; ++c)
            setAll(*source, c, static_cast<std::uint16_t>((1U << unsigned(description.comp[c].depth)) - 1));
        expectNear(first(*source), {235, 128, 128}, 1);
    }
    auto limited = plain(AV_PIX_FMT_GRAY10LE);
    limited->color_range = AVCOL_RANGE_MPEG;
    expectNear(first(*limited), {81, 128, 128}, 1);
}

TEST(FrameConverter, WhatIsTransparentLiesOverBlack) {
    for (const auto format : {AV_PIX_FMT_YUVA420P, AV_PIX_FMT_YUVA422P, AV_PIX_FMT_YUVA444P, AV_PIX_FMT_RGBA, AV_PIX_FMT_BGRA,
                              AV_PIX_FMT_ARGB, AV_PIX_FMT_ABGR, AV_PIX_FMT_GBRAP, AV_PIX_FMT_YUVA444P10LE,
                              AV_PIX_FMT_YUVA444P12LE, AV_PIX_FMT_RGBA64LE, AV_PIX_FMT_GBRAP12LE}) {
        SCOPED_TRACE(av_get_pix_fmt_name(format));
        auto source = plain(format);
        const auto& description = *av_pix_fmt_desc_get(format);
        for (const int share : {0, 1}) {  // nothing of it, half of it
            setAll(*source, 3, static_cast<std::uint16_t>(share << (description.comp[3].depth - 1)));
            expectNear(first(*source), share == 0 ? std::array{16, 128, 128} : std::array{48, 109, 184}, 2);
        }
    }
}

TEST(FrameConverter, FullRangeOfRareFormatsIsLimitedToo) {
    auto source = plain(AV_PIX_FMT_YUV444P12LE);
    source->color_range = AVCOL_RANGE_JPEG;
    for (int y = 0; y < 48; ++y)
        std::fill_n(reinterpret_cast<std::uint16_t*>(source->data[0] + y * source->linesize[0]), 64, 4095);
    EXPECT_NEAR(first(*source)[0], 235, 1);
}

TEST(FrameConverter, PicturesOfAnySizeAreTaken) {
    const struct {
        int width, height, toWidth, toHeight;
    } table[] = {{1, 1, 16, 16},       {8, 8, 16, 16},     {3, 3, 18, 18},       {2, 300, 16, 2400},     {17, 16, 16, 16},
                 {8191, 16, 8190, 16}, {1, 8000, 2, 8000}, {9000, 90, 8192, 80}, {100, 20000, 40, 8192}, {20000, 1, 8192, 2}};
    for (const auto format : {AV_PIX_FMT_YUV420P, AV_PIX_FMT_RGB24, AV_PIX_FMT_YUV444P12LE}) {
        for (const auto& row : table) {
            SCOPED_TRACE(std::to_string(row.width) + "x" + std::to_string(row.height) + " " + av_get_pix_fmt_name(format));
            ASSERT_TRUE(FrameConverter::check(format, row.width, row.height));
            FrameConverter converter;
            const auto frame = converter.convert(*plain(format, row.width, row.height));
            ASSERT_TRUE(frame) << frame.error().message;
            ASSERT_EQ(frame->width(), row.toWidth);
            ASSERT_EQ(frame->height(), row.toHeight);
            const int x = row.toWidth - 1, y = row.toHeight - 1;  // the last
            EXPECT_NEAR(frame->plane(0)[y * frame->stride(0) + x], 81, 2);
            EXPECT_NEAR(frame->plane(1)[y / 2 * frame->stride(1) + x / 2], 90, 2);
            EXPECT_NEAR(frame->plane(2)[y / 2 * frame->stride(2) + x / 2], 240, 2);
        }
    }
}

TEST(FrameConverter, WhatItCantTakeIsRefusedByName) {
    const auto format = FrameConverter::check(AV_PIX_FMT_VAAPI, 640, 480);
    ASSERT_FALSE(format);
    EXPECT_EQ(format.error().code, Code::SourceFailed);
    EXPECT_NE(format.error().message.find("vaapi"), std::string::npos);
    const auto size = FrameConverter::check(AV_PIX_FMT_YUV420P, 30000, 30000);
    ASSERT_FALSE(size);
    EXPECT_NE(size.error().message.find("30000x30000: must be"), std::string::npos);
    EXPECT_FALSE(FrameConverter::check(AV_PIX_FMT_YUV420P, 0, 48));
    EXPECT_TRUE(FrameConverter::check(AV_PIX_FMT_NONE, 0, 0));
    AVFrame surface{};
    surface.format = AV_PIX_FMT_VAAPI;
    surface.width = surface.height = 64;
    EXPECT_FALSE(FrameConverter().convert(surface));
}

}  // namespace
}  // namespace livepusher::capture
