// SPDX-License-Identifier: MIT
#include "media/overlay.hpp"

#include "letters.hpp"
#include "media/glyphs.hpp"
#include "media/planes.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <set>
#include <vector>

namespace livepusher::base {
namespace {

using Lines = std::vector<std::string>;

constexpr std::uint8_t kPicture = 180;

VideoFrame plain(int width, int height) {
    auto frame = VideoFrame::allocate(width, height);
    std::memset(frame.mutablePlane(0), kPicture, static_cast<std::size_t>(frame.stride(0)) * static_cast<std::size_t>(height));
    return frame;
}

TEST(Glyphs, EachLetterHasAShapeOfItsOwn) {
    std::set<Glyph> shapes;
    for (char c = ' '; c <= '~'; ++c) EXPECT_TRUE(shapes.insert(glyphOf(c)).second) << c;
    EXPECT_EQ(glyphOf('\n'), glyphOf('?'));
    EXPECT_EQ(glyphOf('\xff'), glyphOf('?'));
}

TEST(Overlay, CanBeReadInPicturesOfEverySize) {
    const Lines lines{"pushing 1280x720", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", "0123456789 +-.:%/()"};
    for (const auto& [width, height] : {std::pair{180, 320}, std::pair{320, 180}, std::pair{360, 640}, std::pair{640, 360},
                                        std::pair{1280, 720}, std::pair{1080, 1920}}) {
        base::FramePool pool;
        auto frame = plain(width, height);
        drawText(frame, lines, whole(frame), pool);
        for (std::size_t row = 0; row < lines.size(); ++row)
            EXPECT_EQ(test::lettersOf(frame, static_cast<int>(row), lines[row].size()), lines[row]) << width << "x" << height;
    }
}

TEST(Overlay, GrowsWithThePicture) {
    EXPECT_EQ(layoutText(320, 180).scale, 1);
    EXPECT_EQ(layoutText(1280, 720).scale, 3);
    EXPECT_EQ(layoutText(1920, 1080).scale, 5);
    EXPECT_EQ(layoutText(360, 640).scale, 2) << "a line still fits across";
    for (const auto& [width, height] : {std::pair{360, 640}, std::pair{640, 360}, std::pair{1280, 720}})
        EXPECT_GE(layoutText(width, height).columns, 28) << width;
}

TEST(Overlay, DarkensOnlyABoxAroundTheText) {
    base::FramePool pool;
    auto frame = plain(640, 360);
    std::memset(frame.mutablePlane(1), 200, static_cast<std::size_t>(frame.stride(1)) * 180);
    drawText(frame, Lines{"ab"}, whole(frame), pool);
    const auto at = layoutText(640, 360);
    EXPECT_LT(test::lumaAt(frame, 0, 0), 70) << "white letters stand out from it";
    EXPECT_EQ(frame.plane(1)[0], 164) << "half as colourful";
    EXPECT_EQ(test::lumaAt(frame, 2 * at.left + 2 * at.columnStep(), 0), kPicture);
    EXPECT_EQ(test::lumaAt(frame, 0, 2 * at.top + at.lineStep()), kPicture);
    EXPECT_EQ(test::lumaAt(frame, 639, 359), kPicture);
}

TEST(Overlay, ReplacesAFrameThatOthersHoldAndLeavesTheirsAlone) {
    base::FramePool pool;
    auto held = plain(320, 180);
    held.pts = Timestamp(7);
    held.bt709 = false;
    auto frame = held;
    drawText(frame, Lines{"x"}, whole(frame), pool);
    EXPECT_NE(frame.plane(0), held.plane(0));
    EXPECT_EQ(test::lumaAt(held, 0, 0), kPicture);
    EXPECT_EQ(frame.pts, Timestamp(7));
    EXPECT_FALSE(frame.bt709);
    const auto* pixels = frame.plane(0);
    drawText(frame, Lines{"y"}, whole(frame), pool);
    EXPECT_EQ(frame.plane(0), pixels) << "one's own needs no copy";
}

TEST(Overlay, WrapsALineThatIsTooLongAndLeavesOutWhatIsBelowTheEnd) {
    base::FramePool pool;
    auto frame = plain(320, 180);
    const auto at = layoutText(320, 180);
    const std::string tooLong(static_cast<std::size_t>(at.columns), 'a');
    Lines lines{tooLong + "bcd"};
    lines.resize(100, "e");
    drawText(frame, lines, whole(frame), pool);
    EXPECT_EQ(test::lettersOf(frame, 0, tooLong.size()), tooLong);
    EXPECT_EQ(test::lettersOf(frame, 1, 3), "bcd");
    EXPECT_EQ(test::lettersOf(frame, at.rows - 1, 1), "e");
}

TEST(Overlay, LeavesAPictureAloneThatHasNoRoom) {
    base::FramePool pool;
    for (const auto& [width, height] : {std::pair{16, 16}, std::pair{2, 2}, std::pair{8192, 8}}) {
        auto frame = plain(width, height);
        drawText(frame, Lines{"abc"}, whole(frame), pool);
        EXPECT_EQ(frame.width(), width);
    }
    auto frame = plain(320, 180);
    drawText(frame, {}, whole(frame), pool);
    EXPECT_EQ(test::lumaAt(frame, 0, 0), kPicture);
}

TEST(Overlay, StandsInThePartOfThePictureThatItIsGiven) {
    base::FramePool pool;
    auto frame = plain(640, 360);
    drawText(frame, Lines{"ab", "c"}, {101, 31, 300, 200}, pool);
    const auto at = layoutText(298, 198);  // at even places
    const auto letter = [&](int column, int row) {
        auto placed = at;
        placed.left += 102;
        placed.top += 32;
        return test::letterAt(frame, placed, column, row);
    };
    EXPECT_EQ(letter(0, 0), 'a');
    EXPECT_EQ(letter(1, 0), 'b');
    EXPECT_EQ(letter(0, 1), 'c');
    EXPECT_EQ(test::lumaAt(frame, 101, 31), kPicture);
    EXPECT_LT(test::lumaAt(frame, 102, 32), 70);
    const std::vector<Rect> tooSmall{{0, 0, 0, 0}, {639, 359, 1, 1}, {-10, -10, 10, 10}, {700, 400, 100, 100}};
    for (const auto& part : tooSmall) {
        auto other = plain(640, 360);
        drawText(other, Lines{"a"}, part, pool);
        EXPECT_EQ(test::lumaAt(other, 0, 0), kPicture);
        EXPECT_EQ(test::lumaAt(other, 639, 359), kPicture);
    }
}

}  // namespace
}  // namespace livepusher::base
