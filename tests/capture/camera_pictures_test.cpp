// SPDX-License-Identifier: MIT
#include "capture/camera/pictures.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string_view>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/opt.h>
}

namespace livepusher::capture {
namespace {

constexpr int kWidth = 64, kHeight = 32;

/// Smooth, so that thinned-out chroma loses nothing but rounding; every other test value follows from it.
struct Colour {
    double y, u, v;
};
Colour colourAt(int x, int y) { return {40 + 2.5 * x, 80 + 3.0 * y, 200 - 1.0 * x}; }

v4l2_pix_format pixels(std::uint32_t format, int stride = 0, std::uint32_t space = V4L2_COLORSPACE_SRGB) {
    v4l2_pix_format it{};
    it.width = kWidth;
    it.height = kHeight;
    it.pixelformat = format;
    it.bytesperline = static_cast<__u32>(stride);
    it.colorspace = space;
    return it;
}

std::uint8_t byte(double value) { return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0))); }

/// The reference in each format, with rows that are longer than the picture where the format has one plane.
std::vector<std::uint8_t> encoded(std::uint32_t format, int stride) {
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(stride) * kHeight * 2, 0);
    const auto chroma = [](int x, int y) {  // of a block of 2x2
        const auto a = colourAt(x, y), b = colourAt(x + 1, y + 1);
        return std::pair{byte((a.u + b.u) / 2), byte((a.v + b.v) / 2)};
    };
    const auto at = [&](int offset) -> std::uint8_t& { return bytes[static_cast<std::size_t>(offset)]; };
    for (int y = 0; y < kHeight; ++y)
        for (int x = 0; x < kWidth; ++x) {
            const auto c = colourAt(x, y);
            const auto [u, v] = chroma(x & ~1, y & ~1);
            switch (format) {
                case V4L2_PIX_FMT_YUYV:
                    at(y * stride + x * 2) = byte(c.y);
                    at(y * stride + x * 2 + 1) = x % 2 ? v : u;
                    break;
                case V4L2_PIX_FMT_UYVY:
                    at(y * stride + x * 2 + 1) = byte(c.y);
                    at(y * stride + x * 2) = x % 2 ? v : u;
                    break;
                case V4L2_PIX_FMT_YVYU:
                    at(y * stride + x * 2) = byte(c.y);
                    at(y * stride + x * 2 + 1) = x % 2 ? u : v;
                    break;
                case V4L2_PIX_FMT_VYUY:
                    at(y * stride + x * 2 + 1) = byte(c.y);
                    at(y * stride + x * 2) = x % 2 ? u : v;
                    break;
                case V4L2_PIX_FMT_NV16:
                case V4L2_PIX_FMT_NV61:
                    at(y * stride + x) = byte(c.y);
                    at(stride * (kHeight + y) + x) = (x % 2 == 1) == (format == V4L2_PIX_FMT_NV16) ? v : u;
                    break;
                case V4L2_PIX_FMT_YUV422P: {
                    at(y * stride + x) = byte(c.y);
                    const int u422 = stride * kHeight + y * stride / 2 + x / 2;
                    at(u422) = u;
                    at(u422 + stride / 2 * kHeight) = v;
                    break;
                }
                case V4L2_PIX_FMT_NV12:
                case V4L2_PIX_FMT_NV21:
                    at(y * stride + x) = byte(c.y);
                    at(stride * kHeight + y / 2 * stride + x) = (x % 2 == 1) == (format == V4L2_PIX_FMT_NV12) ? v : u;
                    break;
                default:  // YUV420, YVU420
                    at(y * stride + x) = byte(c.y);
                    const int first = stride * kHeight + y / 2 * stride / 2 + x / 2;
                    const int second = first + stride / 2 * kHeight / 2;
                    at(format == V4L2_PIX_FMT_YUV420 ? first : second) = u;
                    at(format == V4L2_PIX_FMT_YUV420 ? second : first) = v;
            }
        }
    return bytes;
}

/// The greatest difference between a frame's pixels and the reference, whose corner is at left, top.
double difference(const VideoFrame& frame, int left = 0, int top = 0) {
    double worst = 0;
    for (int y = 0; y < frame.height(); ++y)
        for (int x = 0; x < frame.width(); ++x) {
            worst = std::max(worst, std::abs(frame.plane(0)[y * frame.stride(0) + x] - colourAt(left + x, top + y).y));
            const auto a = colourAt((left + x) & ~1, (top + y) & ~1), b = colourAt(((left + x) & ~1) + 1, ((top + y) & ~1) + 1);
            worst = std::max(worst, std::abs(frame.plane(1)[y / 2 * frame.stride(1) + x / 2] - (a.u + b.u) / 2));
            worst = std::max(worst, std::abs(frame.plane(2)[y / 2 * frame.stride(2) + x / 2] - (a.v + b.v) / 2));
        }
    return worst;
}

class EachYuvFormat : public ::testing::TestWithParam<std::uint32_t> {
protected:
    int stride() const { return takenFormat(GetParam())->bytes * kWidth + 32; }
};

TEST_P(EachYuvFormat, BecomesTheSameI420) {
    PictureConverter converter(pixels(GetParam(), stride()));
    const auto frame = converter.convert(encoded(GetParam(), stride()));
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->width(), kWidth);
    EXPECT_EQ(frame->height(), kHeight);
    EXPECT_LE(difference(*frame), 1.5);
    EXPECT_FALSE(frame->bt709) << "V4L2's default for sRGB";
}

TEST_P(EachYuvFormat, IsCutWhileItIsConverted) {
    PictureConverter converter(pixels(GetParam(), stride()));
    converter.zoom(2);
    const auto frame = converter.convert(encoded(GetParam(), stride()));
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->width(), 32);
    EXPECT_EQ(frame->height(), 16);
    EXPECT_LE(difference(*frame, 16, 8), 1.5);
}

TEST_P(EachYuvFormat, IsLeftOutWhenItIsCutShort) {
    PictureConverter converter(pixels(GetParam(), stride()));
    auto bytes = encoded(GetParam(), stride());
    bytes.resize(bytes.size() / 4);
    EXPECT_FALSE(converter.convert(bytes));
    EXPECT_FALSE(converter.convert({}));
}

INSTANTIATE_TEST_SUITE_P(CameraPictures, EachYuvFormat,
                         testing::Values(V4L2_PIX_FMT_YUV420, V4L2_PIX_FMT_YVU420, V4L2_PIX_FMT_NV12, V4L2_PIX_FMT_NV21,
                                         V4L2_PIX_FMT_YUYV, V4L2_PIX_FMT_UYVY, V4L2_PIX_FMT_YVYU, V4L2_PIX_FMT_VYUY,
                                         V4L2_PIX_FMT_NV16, V4L2_PIX_FMT_NV61, V4L2_PIX_FMT_YUV422P),
                         [](const auto& param) {
                             std::string name;
                             for (unsigned shift = 0; shift < 32; shift += 8)
                                 name += static_cast<char>(param.param >> shift & 0x7fU);
                             return name;
                         });

/// As they lie in memory; x: anything, also an alpha of 0.
constexpr std::pair<std::uint32_t, std::string_view> kRgb[] = {
    {V4L2_PIX_FMT_RGB24, "RGB"},   {V4L2_PIX_FMT_BGR24, "BGR"},   {V4L2_PIX_FMT_BGR32, "BGRx"},
    {V4L2_PIX_FMT_XBGR32, "BGRx"}, {V4L2_PIX_FMT_ABGR32, "BGRx"}, {V4L2_PIX_FMT_RGB32, "xRGB"},
    {V4L2_PIX_FMT_XRGB32, "xRGB"}, {V4L2_PIX_FMT_RGBX32, "RGBx"}, {V4L2_PIX_FMT_RGB565, ""},
};

TEST(CameraPictures, RgbBecomesLimitedBt601) {
    struct Case {
        int r, g, b;
        double y, u, v;  // ITU-R BT.601
    };
    for (const auto& c :
         {Case{255, 255, 255, 235, 128, 128}, {0, 0, 0, 16, 128, 128}, {255, 0, 0, 81.5, 90.2, 240}, {0, 0, 255, 41, 240, 109.8}})
        for (const auto& [format, order] : kRgb) {
            std::vector<std::uint8_t> bytes;
            for (int i = 0; i < kWidth * kHeight; ++i) {
                if (order.empty()) {  // 5, 6 and 5 bits
                    const int word = c.r >> 3 << 11 | c.g >> 2 << 5 | c.b >> 3;
                    bytes.push_back(static_cast<std::uint8_t>(word));
                    bytes.push_back(static_cast<std::uint8_t>(word >> 8));
                }
                for (const char part : order)
                    bytes.push_back(static_cast<std::uint8_t>(part == 'R' ? c.r : part == 'G' ? c.g : part == 'B' ? c.b : 0));
            }
            PictureConverter converter(pixels(format));
            const auto frame = converter.convert(bytes);
            ASSERT_TRUE(frame) << format;
            EXPECT_NEAR(frame->plane(0)[frame->stride(0)], c.y, 1.5) << format;
            EXPECT_NEAR(frame->plane(1)[3], c.u, 1.5) << format;
            EXPECT_NEAR(frame->plane(2)[3], c.v, 1.5) << format;
            EXPECT_FALSE(frame->bt709);
        }
}

TEST(CameraPictures, GreyIsWhatTheSensorCountsAndHasNoColour) {
    for (const auto& [format, bits] : {std::pair{V4L2_PIX_FMT_GREY, 8}, {V4L2_PIX_FMT_Y10, 10}, {V4L2_PIX_FMT_Y16, 16}})
        for (const auto& [in, luma] : {std::pair{0, 16}, {255, 235}, {128, 126}}) {
            std::vector<std::uint8_t> bytes;
            for (int i = 0; i < kWidth * kHeight; ++i) {
                const int word = in << (bits - 8);
                bytes.push_back(static_cast<std::uint8_t>(word));
                if (bits > 8) bytes.push_back(static_cast<std::uint8_t>(word >> 8));
            }
            PictureConverter converter(pixels(format));
            const auto frame = converter.convert(bytes);
            ASSERT_TRUE(frame) << bits;
            EXPECT_NEAR(frame->plane(0)[5], luma, 1) << bits;
            EXPECT_EQ(frame->plane(1)[5], 128) << bits;
            EXPECT_EQ(frame->plane(2)[5], 128) << bits;
        }
}

TEST(CameraPictures, FullRangeBecomesLimited) {
    auto full = pixels(V4L2_PIX_FMT_YUV420);
    full.quantization = V4L2_QUANTIZATION_FULL_RANGE;
    for (const auto& [in, luma, chroma] : {std::tuple{0, 16, 16}, {255, 235, 240}, {128, 126, 128}}) {
        const std::vector<std::uint8_t> bytes(kWidth * kHeight * 3 / 2, static_cast<std::uint8_t>(in));
        PictureConverter converter(full);
        const auto frame = converter.convert(bytes);
        ASSERT_TRUE(frame);
        EXPECT_NEAR(frame->plane(0)[0], luma, 1);
        EXPECT_NEAR(frame->plane(1)[0], chroma, 1);
        EXPECT_NEAR(frame->plane(2)[5], chroma, 1);
    }
}

TEST(CameraPictures, ColoursAreWhatTheDriverSays) {
    const auto of = [](std::uint32_t format, std::uint32_t space, std::uint32_t matrix = 0, std::uint32_t range = 0) {
        auto it = pixels(format, 0, space);
        it.ycbcr_enc = matrix;
        it.quantization = range;
        return coloursOf(it);
    };
    EXPECT_FALSE(of(V4L2_PIX_FMT_YUYV, V4L2_COLORSPACE_SRGB).bt709);
    EXPECT_TRUE(of(V4L2_PIX_FMT_YUYV, V4L2_COLORSPACE_REC709).bt709);
    EXPECT_TRUE(of(V4L2_PIX_FMT_YUYV, V4L2_COLORSPACE_SRGB, V4L2_YCBCR_ENC_709).bt709);
    EXPECT_FALSE(of(V4L2_PIX_FMT_YUYV, V4L2_COLORSPACE_REC709, V4L2_YCBCR_ENC_601).bt709);
    EXPECT_FALSE(of(V4L2_PIX_FMT_YUYV, V4L2_COLORSPACE_SRGB).fullRange);
    EXPECT_TRUE(of(V4L2_PIX_FMT_YUYV, V4L2_COLORSPACE_JPEG).fullRange);
    EXPECT_TRUE(of(V4L2_PIX_FMT_MJPEG, V4L2_COLORSPACE_SRGB).fullRange);
    EXPECT_FALSE(of(V4L2_PIX_FMT_MJPEG, V4L2_COLORSPACE_SRGB, 0, V4L2_QUANTIZATION_LIM_RANGE).fullRange);
    EXPECT_FALSE(of(V4L2_PIX_FMT_RGB24, V4L2_COLORSPACE_SRGB).fullRange) << "the conversion makes it limited";
}

/// The reference as a JPEG, full range.
std::vector<std::uint8_t> jpeg(AVPixelFormat format = AV_PIX_FMT_YUVJ420P, int width = kWidth, int height = kHeight) {
    auto* coder = avcodec_alloc_context3(avcodec_find_encoder(AV_CODEC_ID_MJPEG));
    coder->width = width;
    coder->height = height;
    coder->pix_fmt = format;
    coder->time_base = {1, 30};
    coder->flags |= AV_CODEC_FLAG_QSCALE;
    auto* frame = av_frame_alloc();
    auto* packet = av_packet_alloc();
    std::vector<std::uint8_t> bytes;
    if (avcodec_open2(coder, nullptr, nullptr) == 0) {
        frame->format = coder->pix_fmt;
        frame->width = kWidth;
        frame->height = kHeight;
        frame->quality = FF_QP2LAMBDA;
        av_frame_get_buffer(frame, 0);
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x) {
                const int rows = format == AV_PIX_FMT_YUVJ420P ? 2 : 1;
                const auto c = colourAt(x, y), next = colourAt(x + 1, y + rows - 1);
                frame->data[0][y * frame->linesize[0] + x] = byte((c.y - 16) * 255 / 219);
                if (x % 2 != 0 || y % rows != 0) continue;
                frame->data[1][y / rows * frame->linesize[1] + x / 2] = byte(128 + ((c.u + next.u) / 2 - 128) * 255 / 224);
                frame->data[2][y / rows * frame->linesize[2] + x / 2] = byte(128 + ((c.v + next.v) / 2 - 128) * 255 / 224);
            }
        avcodec_send_frame(coder, frame);
        if (avcodec_receive_packet(coder, packet) == 0) bytes.assign(packet->data, packet->data + packet->size);
    }
    av_packet_free(&packet);
    av_frame_free(&frame);
    avcodec_free_context(&coder);
    return bytes;
}

TEST(CameraPictures, MjpegBecomesLimitedI420AlsoInPart) {
    // libavcodec writes 4:2:2 in a way that libyuv does not take: the long way round.
    for (const auto format : {AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P}) {
        const auto bytes = jpeg(format);
        ASSERT_FALSE(bytes.empty());
        PictureConverter converter(pixels(V4L2_PIX_FMT_MJPEG));
        const auto whole = converter.convert(bytes);
        ASSERT_TRUE(whole);
        EXPECT_EQ(whole->width(), kWidth);
        EXPECT_LE(difference(*whole), 3) << "a JPEG has losses of its own";
        converter.zoom(2);
        const auto part = converter.convert(bytes);
        ASSERT_TRUE(part);
        EXPECT_EQ(part->width(), 32);
        EXPECT_EQ(part->height(), 16);
        EXPECT_LE(difference(*part, 16, 8), 3);
    }
}

TEST(CameraPictures, ABrokenJpegIsLeftOutAndTheNextOneIsTaken) {
    for (const auto format : {AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P}) {
        const auto good = jpeg(format);
        PictureConverter converter(pixels(V4L2_PIX_FMT_MJPEG));
        for (const std::size_t length : {std::size_t{0}, std::size_t{1}, std::size_t{2}, good.size() / 4, good.size() / 2})
            EXPECT_FALSE(converter.convert(std::span(good).first(length))) << length << " of " << good.size() << " bytes";
        const std::vector<std::uint8_t> garbage(5000, 0xab);
        EXPECT_FALSE(converter.convert(garbage));
        EXPECT_TRUE(converter.convert(good));
        EXPECT_FALSE(converter.takeNews());
    }
}

TEST(CameraPictures, AJpegsOwnHeadTellsItsSizeNotTheDriver) {
    struct Case {
        unsigned toldWidth, toldHeight;
        base::PictureSize shown;
        int aspectNum, aspectDen;
    };
    for (const auto format : {AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P})
        for (const auto& c : {Case{64, 24, {64, 24}, 1, 1},    // padded to whole blocks: cut away
                              Case{56, 32, {56, 32}, 1, 1},    // likewise
                              Case{128, 64, {64, 32}, 1, 1},   // half the size
                              Case{64, 64, {64, 32}, 1, 2},    // one of two fields
                              Case{128, 32, {64, 32}, 2, 1},   // squeezed
                              Case{320, 240, {64, 32}, 1, 1},  // anything
                              Case{16, 16, {64, 32}, 1, 1}}) {
            auto told = pixels(V4L2_PIX_FMT_MJPEG);
            told.width = c.toldWidth;
            told.height = c.toldHeight;
            PictureConverter converter(told);
            const auto frame = converter.convert(jpeg(format));
            ASSERT_TRUE(frame) << c.toldWidth << "x" << c.toldHeight;
            EXPECT_EQ((base::PictureSize{frame->width(), frame->height()}), c.shown) << c.toldWidth << "x" << c.toldHeight;
            EXPECT_EQ(converter.size(), c.shown);
            EXPECT_EQ(frame->sampleAspectNum, c.aspectNum);
            EXPECT_EQ(frame->sampleAspectDen, c.aspectDen);
            EXPECT_LE(difference(*frame), 3) << "not from the corner";
            const auto news = converter.takeNews().value_or("");
            EXPECT_NE(news.find("64x32"), std::string::npos) << news;
            EXPECT_FALSE(converter.takeNews());
        }
}

TEST(CameraPictures, AJpegOfAnotherSizeIsTakenInMidStreamAndToldOncePerSize) {
    auto told = pixels(V4L2_PIX_FMT_MJPEG);
    PictureConverter converter(told);
    const auto right = jpeg(), half = jpeg(AV_PIX_FMT_YUVJ420P, kWidth / 2, kHeight / 2);
    int news = 0;
    for (int i = 0; i < 10; ++i) {
        const auto frame = converter.convert(i % 2 ? half : right);
        ASSERT_TRUE(frame);
        EXPECT_EQ(frame->width(), i % 2 ? kWidth / 2 : kWidth);
        EXPECT_EQ(converter.size().width, frame->width());
        news += converter.takeNews() ? 1 : 0;
    }
    EXPECT_EQ(news, 1);
    // A broken one's head changes nothing.
    auto broken = half;
    broken.resize(broken.size() / 2);
    ASSERT_TRUE(converter.convert(right));
    EXPECT_FALSE(converter.convert(broken));
    EXPECT_EQ(converter.size().width, kWidth);
}

TEST(CameraPictures, TheMiddleKeepsItsShapeAndIsEven) {
    for (const double zoom : {1.0, 1.1, 1.5, 2.0, 3.3, 4.0})
        for (const auto& [width, height] : {std::pair{1280, 720}, {640, 360}, {641, 481}}) {
            const auto crop = base::middleOf({width, height}, zoom);
            EXPECT_EQ(crop.x % 2 + crop.y % 2 + crop.width % 2 + crop.height % 2, 0);
            EXPECT_NEAR(crop.width, width / zoom, 1.01);
            EXPECT_NEAR(crop.height, height / zoom, 1.01);
            EXPECT_NEAR(crop.x + crop.width / 2.0, width / 2.0, 2);
            EXPECT_NEAR(crop.y + crop.height / 2.0, height / 2.0, 2);
            EXPECT_LE(crop.x + crop.width, width);
            EXPECT_LE(crop.y + crop.height, height);
        }
}

}  // namespace
}  // namespace livepusher::capture
