// SPDX-License-Identifier: MIT
#include "capture/frame_converter.hpp"

#include <gtest/gtest.h>

#include <cstring>

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
         {AV_PIX_FMT_YUV420P,     AV_PIX_FMT_YUV422P,     AV_PIX_FMT_YUV444P,     AV_PIX_FMT_YUV411P,     AV_PIX_FMT_YUV410P,
          AV_PIX_FMT_YUV440P,     AV_PIX_FMT_YUVA420P,    AV_PIX_FMT_NV12,        AV_PIX_FMT_NV21,        AV_PIX_FMT_YUYV422,
          AV_PIX_FMT_UYVY422,     AV_PIX_FMT_RGB24,       AV_PIX_FMT_BGR24,       AV_PIX_FMT_RGBA,        AV_PIX_FMT_BGRA,
          AV_PIX_FMT_ARGB,        AV_PIX_FMT_ABGR,        AV_PIX_FMT_RGB0,        AV_PIX_FMT_BGR0,        AV_PIX_FMT_0RGB,
          AV_PIX_FMT_0BGR,        AV_PIX_FMT_RGB565LE,    AV_PIX_FMT_RGB555LE,    AV_PIX_FMT_GBRP,        AV_PIX_FMT_GBRAP,
          AV_PIX_FMT_YUV420P10LE, AV_PIX_FMT_YUV422P10LE, AV_PIX_FMT_YUV444P10LE, AV_PIX_FMT_YUV420P12LE, AV_PIX_FMT_P010LE}) {
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

TEST(FrameConverter, WhatItCantTakeIsRefusedByName) {
    FrameConverter converter;
    const auto format = converter.convert(*plain(AV_PIX_FMT_YUV444P16LE));
    ASSERT_FALSE(format);
    EXPECT_EQ(format.error().code, Code::SourceFailed);
    EXPECT_NE(format.error().message.find("yuv444p16le"), std::string::npos);
    const auto size = converter.convert(*plain(AV_PIX_FMT_YUV420P, 8, 8));
    ASSERT_FALSE(size);
    EXPECT_NE(size.error().message.find("8x8"), std::string::npos);
}

}  // namespace
}  // namespace livepusher::capture
