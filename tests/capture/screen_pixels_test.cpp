// SPDX-License-Identifier: MIT
#include "capture/screen/screen_pixels.hpp"

#include <gtest/gtest.h>

#include <ostream>

#include "screen_watch.hpp"

namespace livepusher::capture {

void PrintTo(const base::PictureSize& size, std::ostream* out) { *out << size.width << "x" << size.height; }

namespace {

TEST(ScreenPixels, AScreenIsMadeAsSmallAsItCanBeAndStillFillWhatIsWanted) {
    struct Row {
        base::PictureSize screen, wanted, delivered;
    };
    for (const auto& row : {
             Row{{1280, 720}, {1280, 720}, {1280, 720}}, Row{{640, 360}, {1280, 720}, {640, 360}},  // enlarging is not for here
             Row{{3840, 2160}, {1280, 720}, {1280, 720}}, Row{{1920, 1200}, {1280, 720}, {1280, 800}},
             Row{{1366, 768}, {640, 360}, {642, 360}},  // up to even numbers: never smaller than wanted
             Row{{1920, 1080}, {360, 640}, {1138, 640}}, Row{{1920, 1080}, {0, 0}, {1920, 1080}},  // nothing is wanted
         }) {
        EXPECT_EQ(deliveredSize(row.screen, row.wanted), row.delivered) << row.screen.width << "x" << row.screen.height;
    }
}

/// Columns of one pixel, white and black in turn.
std::vector<std::uint8_t> stripes(int width, int height) {
    std::vector<std::uint8_t> pixels;
    for (int i = 0; i < width * height; ++i) pixels.insert(pixels.end(), 4, i % 2 ? 0 : 255);
    return pixels;
}

TEST(ScreenPixels, MakingSmallerPassesOverNoPixel) {
    for (const auto wanted : {base::PictureSize{160, 90}, {106, 60}, {100, 56}}) {  // a half to a third
        const auto frame = ScreenPixels().convert(stripes(320, 180).data(), 320 * 4, {320, 180}, wanted);
        ASSERT_EQ(frame.width(), wanted.width);
        ASSERT_EQ(frame.height(), wanted.height);
        for (int x = 4; x < wanted.width - 4; ++x)
            EXPECT_NEAR(pixelOf(frame, x, 20)[0], 126, 4) << "of black and white the middle";
    }
}

TEST(ScreenPixels, ColoursAreThoseOfBt601) {
    for (const std::uint32_t colour : {0xffffffU, 0x000000U, 0xff0000U, 0x00ff00U, 0x0000ffU, 0x336699U}) {
        std::vector<std::uint8_t> pixels;
        for (int i = 0; i < 32 * 32; ++i)
            for (const int shift : {0, 8, 16, 24}) pixels.push_back(static_cast<std::uint8_t>(colour >> shift));
        const auto frame = ScreenPixels().convert(pixels.data(), 32 * 4, {32, 32}, {32, 32});
        EXPECT_FALSE(frame.bt709);
        EXPECT_TRUE(hasColour(frame, 10, 10, colour)) << std::hex << colour;
    }
}

}  // namespace
}  // namespace livepusher::capture
