// SPDX-License-Identifier: MIT
#include "av/picture_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "av/picture_decoder.hpp"
#include "expect_holds.hpp"
#include "http_server.hpp"
#include "make_picture.hpp"
#include "temp_folder.hpp"

extern "C" {
#include <libavutil/md5.h>
#include <libavutil/pixdesc.h>
}

namespace livepusher::capture {
namespace {

constexpr Rgba kRed{220, 40, 40, 255}, kGreen{40, 200, 40, 255}, kBlue{40, 40, 220, 255}, kWhite{240, 240, 240, 255};

/// The colour of a pixel, by BT.601 in limited range.
Rgba at(const VideoFrame& frame, int x, int y) {
    const double luma = (frame.plane(0)[y * frame.stride(0) + x] - 16) * 255.0 / 219;
    const double u = (frame.plane(1)[y / 2 * frame.stride(1) + x / 2] - 128) * 255.0 / 224;
    const double v = (frame.plane(2)[y / 2 * frame.stride(2) + x / 2] - 128) * 255.0 / 224;
    const auto byte = [](double value) { return static_cast<int>(std::lround(std::fmin(std::fmax(value, 0), 255))); };
    return {byte(luma + 1.402 * v), byte(luma - 0.344136 * u - 0.714136 * v), byte(luma + 1.772 * u), 255};
}

void expectColour(const VideoFrame& frame, int x, int y, const Rgba& wanted, int tolerance) {
    const auto is = at(frame, x, y);
    for (const unsigned c : {0U, 1U, 2U})
        EXPECT_NEAR(is[c], wanted[c], tolerance) << "component " << c << " at " << x << "," << y;
}

/// The middle of each field and the very corners.
void expectFields(const VideoFrame& frame, const Rgba& topLeft, const Rgba& topRight, const Rgba& bottomLeft,
                  const Rgba& bottomRight, int tolerance = 6) {
    const int w = frame.width(), h = frame.height();
    for (const auto& [right, left, bottom, top] : {std::array{w * 3 / 4, w / 4, h * 3 / 4, h / 4}, {w - 1, 0, h - 1, 0}}) {
        expectColour(frame, left, top, topLeft, tolerance);
        expectColour(frame, right, top, topRight, tolerance);
        expectColour(frame, left, bottom, bottomLeft, tolerance);
        expectColour(frame, right, bottom, bottomRight, tolerance);
    }
}

/// Without the detour over a file.
Result<VideoFrame> decoded(const std::string& bytes) {
    return decodePicture({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

Rgba greyOf(const Rgba& c) {
    const int luma = static_cast<int>(std::lround(0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2]));
    return {luma, luma, luma, 255};
}

class Picture : public ::testing::Test {
protected:
    Result<VideoFrame> load(const std::string& bytes) {
        return loadPicture({folder_.write("picture", bytes), {}, {}}, cancelled_);
    }
    Result<VideoFrame> load(const PictureRecipe& recipe) { return load(makePicture(recipe)); }
    VideoFrame loaded(const PictureRecipe& recipe) { return loaded(makePicture(recipe)); }
    VideoFrame loaded(const std::string& bytes) {
        const auto frame = load(bytes);
        EXPECT_TRUE(frame) << frame.error().message;
        return frame ? *frame : VideoFrame::allocate(2, 2);
    }
    std::string errorOf(const std::string& bytes) {
        const auto frame = load(bytes);
        if (frame) return "loaded";
        EXPECT_EQ(frame.error().code, Code::WaitingImageFailed);
        return frame.error().message;
    }

    TempFolder folder_;
    std::atomic<bool> cancelled_{false};
};

TEST_F(Picture, EveryKindAndPixelFormatComesInItsColours) {
    const auto png = [](AVPixelFormat format) { return PictureRecipe{.codec = "png", .format = format}; };
    for (const auto& recipe :
         {png(AV_PIX_FMT_RGB24), png(AV_PIX_FMT_RGBA), png(AV_PIX_FMT_PAL8), png(AV_PIX_FMT_RGB48BE), png(AV_PIX_FMT_RGBA64BE),
          PictureRecipe{.codec = "mjpeg", .format = AV_PIX_FMT_YUVJ420P},
          PictureRecipe{.codec = "mjpeg", .format = AV_PIX_FMT_YUVJ422P},
          PictureRecipe{.codec = "mjpeg", .format = AV_PIX_FMT_YUVJ444P},
          PictureRecipe{.codec = "libwebp", .format = AV_PIX_FMT_BGRA},
          PictureRecipe{.codec = "libwebp", .format = AV_PIX_FMT_YUV420P, .lossless = false},
          PictureRecipe{.codec = "libwebp", .format = AV_PIX_FMT_YUVA420P, .lossless = false},
          PictureRecipe{.codec = "bmp", .format = AV_PIX_FMT_BGR24}, PictureRecipe{.codec = "bmp", .format = AV_PIX_FMT_PAL8},
          PictureRecipe{.codec = "gif", .format = AV_PIX_FMT_PAL8}}) {
        SCOPED_TRACE(std::string(recipe.codec) + " " + av_get_pix_fmt_name(recipe.format));
        const auto frame = loaded(recipe);
        ASSERT_EQ(frame.width(), 64);
        ASSERT_EQ(frame.height(), 48);
        EXPECT_FALSE(frame.bt709);
        EXPECT_EQ(frame.rotation, Rotation::None);
        expectFields(frame, kRed, kGreen, kBlue, kWhite);
    }
}

TEST_F(Picture, GreyPicturesComeInTheirGreys) {
    for (const auto format : {AV_PIX_FMT_GRAY8, AV_PIX_FMT_YA8, AV_PIX_FMT_GRAY16BE, AV_PIX_FMT_YA16BE}) {
        SCOPED_TRACE(av_get_pix_fmt_name(format));
        expectFields(loaded({.format = format}), greyOf(kRed), greyOf(kGreen), greyOf(kBlue), greyOf(kWhite), 2);
    }
    const Rgba black{0, 0, 0, 255}, white{255, 255, 255, 255};
    expectFields(loaded({.format = AV_PIX_FMT_MONOBLACK, .corners = {black, white, white, black}}), black, white, white, black,
                 1);
    const auto jpeg = loaded(greyJpeg());
    EXPECT_EQ(jpeg.width(), 8);
    expectColour(jpeg, 4, 4, {153, 153, 153, 255}, 2);
}

TEST_F(Picture, BlackAndWhiteFillTheLimitedRangeExactly) {
    const Rgba black{0, 0, 0, 255}, white{255, 255, 255, 255};
    for (const auto& recipe :
         {PictureRecipe{.corners = {black, white, black, white}},
          PictureRecipe{.codec = "mjpeg", .format = AV_PIX_FMT_YUVJ420P, .corners = {black, white, black, white}}}) {
        const auto frame = loaded(recipe);
        EXPECT_EQ(frame.plane(0)[0], 16);
        EXPECT_EQ(frame.plane(0)[63], 235);
        EXPECT_EQ(frame.plane(1)[0], 128);
        EXPECT_EQ(frame.plane(2)[31], 128);
    }
}

TEST_F(Picture, TransparencyLiesOverBlack) {
    const Corners corners{{200, 200, 200, 128}, {255, 255, 255, 0}, {200, 0, 0, 128}, {240, 240, 240, 255}};
    for (const auto& recipe :
         {PictureRecipe{.format = AV_PIX_FMT_RGBA, .corners = corners},
          PictureRecipe{.format = AV_PIX_FMT_RGBA64BE, .corners = corners},
          PictureRecipe{.format = AV_PIX_FMT_PAL8, .corners = corners},
          PictureRecipe{.codec = "libwebp", .format = AV_PIX_FMT_BGRA, .corners = corners},
          PictureRecipe{.codec = "libwebp", .format = AV_PIX_FMT_YUVA420P, .corners = corners, .lossless = false}}) {
        SCOPED_TRACE(std::string(recipe.codec) + " " + av_get_pix_fmt_name(recipe.format));
        expectFields(loaded(recipe), {100, 100, 100, 255}, {0, 0, 0, 255}, {100, 0, 0, 255}, kWhite, 8);
    }
}

TEST_F(Picture, EveryExifOrientationIsTurnedUpright) {
    const std::array<Rgba, 4> upright[] = {{kRed, kGreen, kBlue, kWhite}, {kGreen, kRed, kWhite, kBlue},
                                           {kWhite, kBlue, kGreen, kRed}, {kBlue, kWhite, kRed, kGreen},
                                           {kRed, kBlue, kGreen, kWhite}, {kBlue, kRed, kWhite, kGreen},
                                           {kWhite, kGreen, kBlue, kRed}, {kGreen, kWhite, kRed, kBlue}};
    for (const auto& recipe :
         {PictureRecipe{.codec = "mjpeg", .format = AV_PIX_FMT_YUVJ420P, .width = 64, .height = 32},
          PictureRecipe{.width = 64, .height = 32},
          PictureRecipe{.codec = "libwebp", .format = AV_PIX_FMT_BGRA, .width = 64, .height = 32},
          PictureRecipe{.codec = "libwebp", .format = AV_PIX_FMT_YUV420P, .width = 64, .height = 32, .lossless = false}}) {
        const auto picture = makePicture(recipe);
        for (int orientation = 1; orientation <= 8; ++orientation) {
            SCOPED_TRACE(recipe.codec + std::string(" ") + std::to_string(orientation));
            const auto frame = loaded(withOrientation(picture, orientation));
            EXPECT_EQ(frame.width(), orientation < 5 ? 64 : 32);
            EXPECT_EQ(frame.height(), orientation < 5 ? 32 : 64);
            const auto& c = upright[orientation - 1];
            expectFields(frame, c[0], c[1], c[2], c[3]);
        }
        expectFields(loaded(withOrientation(picture, 9)), kRed, kGreen, kBlue, kWhite);
    }
}

TEST_F(Picture, AnOverlayIsTurnedUprightToo) {
    const auto png = withOrientation(makePicture({.format = AV_PIX_FMT_RGBA, .width = 64, .height = 32}), 7);
    const auto argb = decodeArgb({reinterpret_cast<const std::uint8_t*>(png.data()), png.size()});
    ASSERT_TRUE(argb) << argb.error().message;
    ASSERT_EQ(argb->width, 32);
    ASSERT_EQ(argb->height, 64);
    const auto is = [&](int x, int y, const Rgba& colour) {
        const auto* pixel = argb->row(y) + std::ptrdiff_t{4} * x;
        for (const unsigned c : {0U, 1U, 2U}) EXPECT_EQ(pixel[2 - c], colour[c]) << x << ',' << y;
    };
    is(0, 0, kWhite);
    is(31, 0, kGreen);
    is(0, 63, kBlue);
    is(31, 63, kRed);
}

TEST_F(Picture, AnOddSizeHasItsLastColumnAndRowTwice) {
    for (const auto& recipe :
         {PictureRecipe{.width = 65, .height = 49},
          PictureRecipe{.codec = "mjpeg", .format = AV_PIX_FMT_YUVJ420P, .width = 65, .height = 49},
          PictureRecipe{.codec = "libwebp", .format = AV_PIX_FMT_YUV420P, .width = 65, .height = 49, .lossless = false}}) {
        SCOPED_TRACE(recipe.codec);
        const auto frame = loaded(recipe);
        EXPECT_EQ(frame.width(), 66);
        EXPECT_EQ(frame.height(), 50);
        expectFields(frame, kRed, kGreen, kBlue, kWhite);
    }
}

TEST_F(Picture, OnePixelIsAPicture) {
    for (const auto& recipe : {PictureRecipe{.width = 1, .height = 1},
                               PictureRecipe{.codec = "mjpeg", .format = AV_PIX_FMT_YUVJ420P, .width = 1, .height = 1},
                               PictureRecipe{.codec = "libwebp", .format = AV_PIX_FMT_BGRA, .width = 1, .height = 1}}) {
        SCOPED_TRACE(recipe.codec);
        const auto frame = loaded(recipe);
        EXPECT_EQ(frame.width(), 2);
        EXPECT_EQ(frame.height(), 2);
        expectColour(frame, 0, 0, kWhite, 6);
        expectColour(frame, 1, 1, kWhite, 6);
    }
}

TEST_F(Picture, WhatIsLargerThan4096IsScaledDown) {
    const auto wide = loaded(PictureRecipe{.width = 6000, .height = 100});
    EXPECT_EQ(wide.width(), 4096);
    EXPECT_EQ(wide.height(), 68);
    expectFields(wide, kRed, kGreen, kBlue, kWhite);
    const auto high = loaded(PictureRecipe{.width = 3, .height = 20'000});
    EXPECT_EQ(high.width(), 2);
    EXPECT_EQ(high.height(), 4096);
}

TEST_F(Picture, HugeOnesAreRefusedBeforeTheyAreDecoded) {
    auto png = makePicture({});
    const auto sized = [&](const std::string& size) { return png.substr(0, 16) + size + png.substr(24); };
    using namespace std::string_literals;
    expectHolds(errorOf(sized("\0\0\x2E\xE0\0\0\x2E\xE0"s)),
                "size 12000x12000: must be at most 32768 px a side and 64 megapixels");
    expectHolds(errorOf(sized("\0\x01\0\0\0\0\0\x01"s)), "size 65536x1: ");
    expectHolds(errorOf(sized("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s)), "4294967295");
}

TEST_F(Picture, OnlyThePicturesOwnChunksOfAPngCount) {
    const auto png = makePicture({});
    expectFields(loaded(withChunk(png, "zTXt", std::string("key\0\0no zlib", 12))), kRed, kGreen, kBlue, kWhite);
    expectFields(loaded(withChunk(png, "acTL", std::string("\0\0\0\2\0\0\0\0", 8))), kRed, kGreen, kBlue, kWhite);
}

TEST_F(Picture, AnAnimatedWebPAndAnEndlessJpegAreRefused) {
    using namespace std::string_literals;
    expectHolds(errorOf("RIFF\x1A\0\0\0WEBPVP8X\x0A\0\0\0\x02\0\0\0\x3F\0\0\x2F\0\0\0\0\0\0"s),
                "animated WebP: must be a still picture");
    const auto jpeg = greyJpeg();
    const auto scan = jpeg.substr(jpeg.find("\xFF\xDA"), 12);
    auto many = jpeg.substr(0, jpeg.size() - 2);
    for (int i = 0; i < 200; ++i) many += scan;
    expectHolds(errorOf(many + "\xFF\xD9"), "more than 200 scans");
}

TEST_F(Picture, EveryBeginningOfAPictureIsAnErrorAndNeverAPicture) {
    for (const auto& bytes :
         {makePicture({.width = 16, .height = 16}),
          makePicture({.codec = "mjpeg", .format = AV_PIX_FMT_YUVJ420P, .width = 16, .height = 16}),
          makePicture({.codec = "libwebp", .format = AV_PIX_FMT_BGRA, .width = 16, .height = 16}),
          makePicture({.codec = "libwebp", .format = AV_PIX_FMT_YUV420P, .width = 16, .height = 16, .lossless = false}),
          greyJpeg()})
        for (std::size_t length = 1; length < bytes.size(); ++length)
            ASSERT_FALSE(decoded(bytes.substr(0, length))) << length << " of " << bytes.size();
    for (const auto* codec : {"bmp", "gif"}) {
        const auto bytes = makePicture({.codec = codec, .format = AV_PIX_FMT_PAL8, .width = 16, .height = 16});
        EXPECT_FALSE(decoded(bytes.substr(0, bytes.size() / 2))) << codec;
    }
}

TEST_F(Picture, DamagedBytesNeverDoHarm) {
    for (const auto& recipe :
         {PictureRecipe{.width = 16, .height = 16}, PictureRecipe{.format = AV_PIX_FMT_PAL8, .width = 16, .height = 16},
          PictureRecipe{.codec = "mjpeg", .format = AV_PIX_FMT_YUVJ420P, .width = 16, .height = 16},
          PictureRecipe{.codec = "libwebp", .format = AV_PIX_FMT_BGRA, .width = 16, .height = 16},
          PictureRecipe{.codec = "libwebp", .format = AV_PIX_FMT_YUVA420P, .width = 16, .height = 16, .lossless = false},
          PictureRecipe{.codec = "gif", .format = AV_PIX_FMT_PAL8, .width = 16, .height = 16},
          PictureRecipe{.codec = "bmp", .format = AV_PIX_FMT_PAL8, .width = 16, .height = 16}}) {
        const auto good = makePicture(recipe);
        for (std::size_t i = 0; i < good.size(); ++i)
            for (const unsigned bits : {0x01U, 0x80U, 0xFFU}) {
                auto bad = good;
                bad[i] = static_cast<char>(static_cast<unsigned char>(bad[i]) ^ bits);
                if (const auto frame = decoded(bad)) {
                    EXPECT_LE(std::max(frame->width(), frame->height()), 4096);
                } else {
                    EXPECT_NE(frame.error().message, "");
                }
            }
    }
}

TEST_F(Picture, EveryFileOfTheFuzzersCorpusIsAPicture) {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(LIVEPUSHER_CORPUS "/picture")) {
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(file), {}};
        EXPECT_TRUE(decoded(bytes)) << entry.path();
        ++count;
    }
    EXPECT_GE(count, 18);
}

TEST_F(Picture, WhatIsNoPictureIsToldWithItsPathAndWhatIsAllowed) {
    const auto path = folder_.file("picture");
    EXPECT_EQ(errorOf("some text"), "waitingImage \"" + path + "\": not a picture: must be a JPEG, PNG or WebP");
    EXPECT_EQ(errorOf(""), "waitingImage \"" + path + "\": an empty file: must be a JPEG, PNG or WebP picture");
    const auto missing = loadPicture({folder_.file("none.png"), {}, {}}, cancelled_);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().message, "waitingImage \"" + folder_.file("none.png") + "\": there is no such file");
    const auto directory = loadPicture({folder_.path(), {}, {}}, cancelled_);
    ASSERT_FALSE(directory);
    expectHolds(directory.error().message, "directory");
    const auto fifo = folder_.file("fifo");
    ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
    EXPECT_FALSE(loadPicture({fifo, {}, {}}, cancelled_));
}

TEST_F(Picture, TheHashIsCheckedInAnyCase) {
    const auto bytes = makePicture({});
    const auto path = folder_.write("picture", bytes);
    std::array<std::uint8_t, 16> sum{};
    av_md5_sum(sum.data(), reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    std::string small, large;
    for (const auto byte : sum) {
        std::array<char, 3> text{};
        std::snprintf(text.data(), text.size(), "%02x", byte);
        small += text.data();
        std::snprintf(text.data(), text.size(), "%02X", byte);
        large += text.data();
    }
    EXPECT_TRUE(loadPicture({path, small, {}}, cancelled_));
    EXPECT_TRUE(loadPicture({path, large, {}}, cancelled_));
    const std::string wrong = "00000000000000000000000000000000";
    const auto refused = loadPicture({path, wrong, {}}, cancelled_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::WaitingImageFailed);
    EXPECT_EQ(refused.error().message, "waitingImage \"" + path + "\": MD5 is " + small + ", waitingImageHash says " + wrong);
}

TEST_F(Picture, AUrlIsLoadedAndItsSecretsAreNeverTold) {
    const auto png = makePicture({});
    HttpServer server([&](const auto& exchange) {
        if (exchange.target() == "/picture.png?token=hidden") return exchange.answer("200 OK", png);
        exchange.answer("404 Not Found", "");
    });
    const auto frame = loadPicture({server.url("/picture.png?token=hidden"), {}, {}}, cancelled_);
    ASSERT_TRUE(frame) << frame.error().message;
    expectFields(*frame, kRed, kGreen, kBlue, kWhite);
    const auto host = "127.0.0.1:" + std::to_string(server.port());
    const auto missing = loadPicture({"http://user:hidden@" + host + "/hidden.png?token=hidden", {}, {}}, cancelled_);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().message, "waitingImage \"http://" + host + "/…\": the server answers with status 404: must be 200");
}

TEST_F(Picture, WhatIsCancelledIsNoFailureOfThePicture) {
    cancelled_ = true;
    const auto frame = load(PictureRecipe{});
    ASSERT_FALSE(frame);
    EXPECT_EQ(frame.error().code, Code::Cancelled);
}

}  // namespace
}  // namespace livepusher::capture
