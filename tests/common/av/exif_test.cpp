// SPDX-License-Identifier: MIT
#include "av/exif.hpp"

#include <gtest/gtest.h>

#include <string>

#include "make_picture.hpp"

namespace livepusher::capture {
namespace {

std::span<const std::uint8_t> bytesOf(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

TEST(Exif, IsReadInBothByteOrdersWithItsHeadAndWithout) {
    using namespace std::string_literals;
    for (const bool big : {false, true})
        for (int orientation = 1; orientation <= 8; ++orientation) {
            EXPECT_EQ(readExif(bytesOf(exifBlock(orientation, big))), orientation);
            EXPECT_EQ(readExif(bytesOf("Exif\0\0"s + exifBlock(orientation, big))), orientation);
        }
}

TEST(Exif, WhatIsNoOrientationIsUpright) {
    for (const int orientation : {0, 9, 255 - 256}) EXPECT_EQ(readExif(bytesOf(exifBlock(orientation))), 1);
    auto wrongType = exifBlock(6);
    wrongType[12] = 4;
    EXPECT_EQ(readExif(bytesOf(wrongType)), 1);
    auto otherTag = exifBlock(6);
    otherTag[10] = 0x13;
    EXPECT_EQ(readExif(bytesOf(otherTag)), 1);
    auto farAway = exifBlock(6);
    farAway[7] = '\x7f';
    EXPECT_EQ(readExif(bytesOf(farAway)), 1);
    EXPECT_EQ(readExif({}), 1);
}

TEST(Exif, OfAPictureThatIsDamagedOrCutShortIsUprightOrTheRealOne) {
    for (const auto& recipe : {PictureRecipe{.codec = "mjpeg", .format = AV_PIX_FMT_YUVJ420P}, PictureRecipe{},
                               PictureRecipe{.codec = "libwebp", .format = AV_PIX_FMT_BGRA}}) {
        const auto whole = withOrientation(makePicture(recipe), 6);
        ASSERT_EQ(readPictureExif(bytesOf(whole)), 6) << recipe.codec;
        for (std::size_t size = 0; size < whole.size(); ++size) {
            const auto orientation = readPictureExif(bytesOf(whole).first(size));
            EXPECT_TRUE(orientation == 1 || orientation == 6) << recipe.codec << size;
            auto damaged = whole;
            damaged[size] = static_cast<char>(damaged[size] ^ 0x55);
            const auto read = readPictureExif(bytesOf(damaged));
            EXPECT_TRUE(read >= 1 && read <= 8);
        }
    }
    EXPECT_EQ(readPictureExif(bytesOf("GIF89a and no EXIF in it")), 1);
}

TEST(Exif, SegmentsBeforeItArePassedOver) {
    const auto jpeg = withOrientation(makePicture({.codec = "mjpeg", .format = AV_PIX_FMT_YUVJ420P}), 8);
    using namespace std::string_literals;
    const auto xmp = "\xFF\xE1\x00\x1Ahttp://ns.adobe.com/xap/"s;  // another kind of APP1
    EXPECT_EQ(readPictureExif(bytesOf(jpeg.substr(0, 2) + xmp + jpeg.substr(2))), 8);
}

TEST(Exif, EachOrientationIsAMirrorAndATurn) {
    EXPECT_TRUE(exifOrientation(1).none());
    EXPECT_EQ(exifOrientation(2), (base::Orientation{Rotation::None, true}));
    EXPECT_EQ(exifOrientation(5), (base::Orientation{Rotation::Cw270, true}));
    EXPECT_EQ(exifOrientation(6), (base::Orientation{Rotation::Cw90, false}));
    EXPECT_TRUE(exifOrientation(0).none());
    EXPECT_TRUE(exifOrientation(9).none());
}

}  // namespace
}  // namespace livepusher::capture
