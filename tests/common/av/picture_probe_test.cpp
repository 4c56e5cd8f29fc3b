// SPDX-License-Identifier: MIT
#include "av/picture_probe.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

extern "C" {
#include <libavutil/pixfmt.h>
}

namespace livepusher::capture {
namespace {

std::array<std::uint8_t, 30> webp(const char* kind, std::uint8_t flags) {
    std::array<std::uint8_t, 30> bytes{};
    const std::string head = std::string("RIFF....WEBP") + kind + "....";
    std::copy(head.begin(), head.end(), bytes.begin());
    bytes[20] = flags;
    return bytes;
}

AVCodecParameters parameters(AVCodecID codec, AVPixelFormat format, int width, int height) {
    AVCodecParameters made{};
    made.codec_id = codec;
    made.format = format;
    made.width = width;
    made.height = height;
    return made;
}

TEST(PictureProbe, AnimatedWebpIsKnownByItsBeginning) {
    EXPECT_TRUE(isAnimatedWebp(webp("VP8X", 0x02)));
    EXPECT_TRUE(isAnimatedWebp(webp("VP8X", 0x12)));
    EXPECT_FALSE(isAnimatedWebp(webp("VP8X", 0x10)));
    EXPECT_FALSE(isAnimatedWebp(webp("VP8L", 0x02)));
    EXPECT_FALSE(isAnimatedWebp({}));
}

TEST(PictureProbe, AnimatedWebpIsRefusedAtOnce) {
    const auto told = checkPictures(parameters(AV_CODEC_ID_WEBP, AV_PIX_FMT_NONE, 0, 0), webp("VP8X", 0x02));
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().code, Code::SourceFailed);
    EXPECT_NE(told.error().message.find("is an animated WebP, which can't be decoded: convert it"), std::string::npos);
    EXPECT_FALSE(checkPictures(parameters(AV_CODEC_ID_WEBP, AV_PIX_FMT_NONE, 0, 0)));
    EXPECT_TRUE(checkPictures(parameters(AV_CODEC_ID_WEBP, AV_PIX_FMT_YUV420P, 64, 48)));
}

TEST(PictureProbe, FormatsAndSizesAreJudgedWhereTheyAreKnown) {
    EXPECT_TRUE(checkPictures(parameters(AV_CODEC_ID_H264, AV_PIX_FMT_NONE, 0, 0)));
    EXPECT_TRUE(checkPictures(parameters(AV_CODEC_ID_PRORES, AV_PIX_FMT_YUVA444P12LE, 1, 1)));
    EXPECT_FALSE(checkPictures(parameters(AV_CODEC_ID_H264, AV_PIX_FMT_VAAPI, 640, 480)));
    EXPECT_FALSE(checkPictures(parameters(AV_CODEC_ID_RAWVIDEO, AV_PIX_FMT_YUV420P, 40000, 40000)));
}

}  // namespace
}  // namespace livepusher::capture
