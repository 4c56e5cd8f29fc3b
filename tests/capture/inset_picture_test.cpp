// SPDX-License-Identifier: MIT
// Where a small picture lies in a large one, and how it is drawn there.
#include "capture/screen/inset_picture.hpp"

#include <gtest/gtest.h>

#include <ostream>

#include "inset_case.hpp"
#include "screen_watch.hpp"

namespace livepusher::capture {

void PrintTo(const InsetPlace& place, std::ostream* out) {
    *out << place.rect.width << "x" << place.rect.height << " at " << place.rect.x << "," << place.rect.y << " turned by "
         << static_cast<int>(place.turn.rotation) << (place.turn.mirrored ? " mirrored" : "");
}

namespace {

TEST(InsetPlace, IsTheWantedCornerTwoPerCentFromTheEdges) {
    const auto main = plain(1280, 720, 16), inset = plain(640, 360, 235);
    // A quarter of 1280 wide; 2 % of 1280 are 26.
    EXPECT_EQ(insetPlace(main, inset, kWanted, wishes(InsetPosition::topLeft)), (InsetPlace{{26, 26, 320, 180}}));
    EXPECT_EQ(insetPlace(main, inset, kWanted, wishes(InsetPosition::topRight)), (InsetPlace{{934, 26, 320, 180}}));
    EXPECT_EQ(insetPlace(main, inset, kWanted, wishes(InsetPosition::bottomLeft)), (InsetPlace{{26, 514, 320, 180}}));
    EXPECT_EQ(insetPlace(main, inset, kWanted, wishes(InsetPosition::bottomRight)), (InsetPlace{{934, 514, 320, 180}}));
}

TEST(InsetPlace, KeepsTheInsetsOwnAspect) {
    const auto main = plain(1280, 720, 16);
    const auto narrow = insetPlace(main, plain(480, 640, 235), kWanted, wishes(InsetPosition::topLeft));
    EXPECT_EQ(narrow, (InsetPlace{{26, 26, 320, 426}}));
    auto wide = plain(720, 576, 235);
    wide.sampleAspectNum = 64, wide.sampleAspectDen = 45;
    EXPECT_EQ(insetPlace(main, wide, kWanted, wishes(InsetPosition::topLeft)), (InsetPlace{{26, 26, 320, 180}}));
    // What would be higher than the picture is made smaller as a whole.
    const auto high = insetPlace(main, plain(360, 640, 235), kWanted, wishes(InsetPosition::topLeft, 0.5));
    EXPECT_EQ(high.rect.height, 668);
    EXPECT_EQ(high.rect.width, 376);
}

TEST(InsetPlace, LiesInWhatACropToThePushedAspectLeaves) {
    // Of 1280x720 a push of 360x640 keeps the middle 405 columns.
    const WantedVideo upright{.width = 360, .height = 640};
    const auto place = insetPlace(plain(1280, 720, 16), plain(640, 360, 235), upright, wishes(InsetPosition::topLeft));
    EXPECT_EQ(place, (InsetPlace{{446, 8, 102, 56}}));
    const auto other = insetPlace(plain(1280, 720, 16), plain(640, 360, 235), upright, wishes(InsetPosition::bottomRight));
    EXPECT_EQ(other.rect.x + other.rect.width, 836);
    // Of 1280x1024 one of 1280x720 keeps the middle 720 rows.
    const auto lower = insetPlace(plain(1280, 1024, 16), plain(640, 360, 235), kWanted, wishes(InsetPosition::bottomLeft));
    EXPECT_EQ(lower, (InsetPlace{{26, 666, 320, 180}}));
}

TEST(InsetPlace, IsOfTheMainFramesSizeWhateverIsPushed) {
    EXPECT_EQ(insetPlace(plain(2560, 1440, 16), plain(640, 360, 235), kWanted, wishes(InsetPosition::topLeft)),
              (InsetPlace{{52, 52, 640, 360}}));
}

TEST(InsetPlace, IsACornerOfWhatIsSeenAlsoWhereTheFrameLiesOnItsSide) {
    // In memory 720x1280; upright it is 1280x720, and its upper left corner is the lower left one in memory.
    const auto main = turned(plain(720, 1280, 16), Rotation::Cw90);
    EXPECT_EQ(insetPlace(main, plain(640, 360, 235), kWanted, wishes(InsetPosition::topLeft)),
              (InsetPlace{{26, 934, 180, 320}, {Rotation::Cw270}}));
    const auto same = turned(plain(360, 640, 235), Rotation::Cw90);
    EXPECT_EQ(insetPlace(main, same, kWanted, wishes(InsetPosition::topLeft)), (InsetPlace{{26, 934, 180, 320}}));
    const auto over = turned(plain(1280, 720, 16), Rotation::Cw180);
    EXPECT_EQ(insetPlace(over, plain(640, 360, 235), kWanted, wishes(InsetPosition::topLeft)),
              (InsetPlace{{934, 514, 320, 180}, {Rotation::Cw180}}));
    const auto left = turned(plain(720, 1280, 16), Rotation::Cw270);
    EXPECT_EQ(insetPlace(left, plain(640, 360, 235), kWanted, wishes(InsetPosition::topLeft)),
              (InsetPlace{{514, 26, 180, 320}, {Rotation::Cw90}}));
}

TEST(InsetPlace, IsACornerOfWhatIsSeenAlsoWhereTheFrameIsMirrored) {
    auto main = plain(1280, 720, 16);
    main.mirrored = true;
    EXPECT_EQ(insetPlace(main, plain(640, 360, 235), kWanted, wishes(InsetPosition::topLeft)),
              (InsetPlace{{934, 26, 320, 180}, {Rotation::None, true}}));
    // Upright its left is what lies below in memory; mirrored before that turn, its top is what lies at the right.
    auto side = turned(plain(720, 1280, 16), Rotation::Cw90);
    side.mirrored = true;
    EXPECT_EQ(insetPlace(side, plain(640, 360, 235), kWanted, wishes(InsetPosition::topLeft)),
              (InsetPlace{{514, 934, 180, 320}, {Rotation::Cw90, true}}));
}

TEST(InsetPicture, IsSeenUprightInAFrameOfAnyOrientation) {
    const auto corner = [](VideoFrame frame) {  // the top left corner is white once it is upright
        auto at = base::inverse(base::orientationOf(frame));
        int x = 0, y = 0;
        if (at.rotation == Rotation::Cw90 || at.rotation == Rotation::Cw180) x = frame.width() - 2;
        if (at.rotation == Rotation::Cw180 || at.rotation == Rotation::Cw270) y = frame.height() - 2;
        if (at.mirrored) {  // its own inverse: mirrored, then turned
            const bool right = at.rotation == Rotation::None || at.rotation == Rotation::Cw90;
            const bool bottom = at.rotation == Rotation::Cw90 || at.rotation == Rotation::Cw180;
            x = right ? frame.width() - 2 : 0, y = bottom ? frame.height() - 2 : 0;
        }
        return std::pair{x, y};
    };
    for (int orientation = 0; orientation < 64; ++orientation) {
        auto main = plain(64, 64, 50), inset = plain(16, 16, 100);
        base::setOrientation(main, {static_cast<Rotation>(orientation % 4 * 90), orientation % 8 >= 4});
        base::setOrientation(inset, {static_cast<Rotation>(orientation / 8 % 4 * 90), orientation / 8 >= 4});
        const auto [x, y] = corner(inset);
        for (int row = 0; row < 2; ++row)
            std::fill_n(inset.mutablePlane(0) + (y + row) * inset.stride(0) + x, 2, std::uint8_t{200});
        const auto place = insetPlace(main, inset, {.width = 64, .height = 64}, wishes(InsetPosition::topLeft));
        ASSERT_EQ(place.rect.width, 16);
        const auto drawn = InsetPicture().drawn(main, inset, place);
        // The same corner of the inset's place as the large picture's own top left corner is of it.
        const auto [mainX, mainY] = corner(main);
        EXPECT_EQ(pixelOf(drawn, place.rect.x + (mainX > 0 ? 15 : 0), place.rect.y + (mainY > 0 ? 15 : 0))[0], 200)
            << orientation;
    }
}

TEST(InsetPicture, DrawsOnACopyWhereOthersHoldThePicture) {
    InsetPicture picture;
    const auto main = plain(128, 72, 50), inset = plain(64, 36, 200);
    const auto drawn = picture.drawn(main, inset, {8, 8, 32, 18});
    EXPECT_EQ(pixelOf(drawn, 8, 8)[0], 200);
    EXPECT_EQ(pixelOf(drawn, 39, 25)[0], 200);
    for (const auto& [x, y] : {std::pair{7, 8}, {8, 7}, {40, 25}, {39, 26}}) EXPECT_EQ(pixelOf(drawn, x, y)[0], 50);
    EXPECT_EQ(pixelOf(main, 8, 8)[0], 50) << "shared pixels never change";
    auto own = plain(128, 72, 50);
    const auto* at = own.plane(0);
    EXPECT_EQ(picture.drawn(std::move(own), inset, {8, 8, 32, 18}).plane(0), at) << "what nobody else holds is not copied";
}

TEST(InsetPicture, TakesTheColourMatrixOfTheLargePicture) {
    auto main = plain(128, 72, 50), inset = plain(64, 36, 100);
    for (int y = 0; y < 18; ++y) std::fill_n(inset.mutablePlane(2) + y * inset.stride(2), 32, std::uint8_t{200});
    main.bt709 = false;
    inset.bt709 = true;
    const auto drawn = InsetPicture().drawn(main, inset, {8, 8, 32, 18});
    EXPECT_FALSE(drawn.bt709);
    EXPECT_NE(pixelOf(drawn, 16, 12), pixelOf(inset, 16, 12)) << "the same colour in other numbers";
    inset.bt709 = false;
    EXPECT_EQ(pixelOf(InsetPicture().drawn(main, inset, {8, 8, 32, 18}), 16, 12), pixelOf(inset, 16, 12));
}

}  // namespace
}  // namespace livepusher::capture
