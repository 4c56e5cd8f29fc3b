// SPDX-License-Identifier: MIT
#include "display/geometry.hpp"

#include <gtest/gtest.h>

namespace livepusher::base {

static std::ostream& operator<<(std::ostream& out, const PictureSize& s) { return out << s.width << "x" << s.height; }
static std::ostream& operator<<(std::ostream& out, const Orientation& o) {
    return out << static_cast<int>(o.rotation) << (o.mirrored ? " mirrored" : "");
}
static std::ostream& operator<<(std::ostream& out, const Rect& r) {
    return out << r.width << "x" << r.height << "+" << r.x << "+" << r.y;
}

}  // namespace livepusher::base

namespace livepusher::display {

static std::ostream& operator<<(std::ostream& out, const Drawn& d) { return out << d.from << " to " << d.to; }

namespace {

TEST(FitInto, ShowsThePictureWholeBetweenBars) {
    EXPECT_EQ(fitInto({1280, 720}, {0, 0, 640, 360}), (base::Rect{0, 0, 640, 360}));
    EXPECT_EQ(fitInto({1280, 720}, {0, 0, 640, 640}), (base::Rect{0, 140, 640, 360}));
    EXPECT_EQ(fitInto({360, 640}, {0, 0, 640, 640}), (base::Rect{140, 0, 360, 640}));
    EXPECT_EQ(fitInto({360, 640}, {10, 20, 100, 100}), (base::Rect{32, 20, 56, 100}));
}

TEST(FitInto, LeavesSomethingOfWhateverPictureInWhateverBox) {
    for (const base::PictureSize picture : {base::PictureSize{8192, 16}, base::PictureSize{16, 8192}, base::PictureSize{2, 2}}) {
        for (const base::Rect box : {base::Rect{0, 0, 1, 1}, base::Rect{0, 0, 3, 4000}, base::Rect{0, 0, 4000, 3}}) {
            const auto fit = fitInto(picture, box);
            EXPECT_GE(fit.width, 1) << picture << " in " << box;
            EXPECT_GE(fit.height, 1) << picture << " in " << box;
            EXPECT_LE(fit.width, box.width) << picture << " in " << box;
            EXPECT_LE(fit.height, box.height) << picture << " in " << box;
        }
    }
}

VideoFrame pictureOf(int width, int height, int aspectNum = 1, int aspectDen = 1) {
    auto frame = VideoFrame::allocate(width, height);
    frame.sampleAspectNum = aspectNum;
    frame.sampleAspectDen = aspectDen;
    return frame;
}

Drawn drawnUpright(base::PictureSize view, const VideoFrame& frame, ObjectFit fit) { return drawnIn(view, frame, {}, fit); }
Drawn drawnOnItsSide(base::PictureSize view, const VideoFrame& frame, ObjectFit fit) {
    return drawnIn(view, frame, {Rotation::Cw90, false}, fit);
}

TEST(DrawnIn, ContainShowsAllOfThePicture) {
    const auto frame = pictureOf(640, 360);
    EXPECT_EQ(drawnUpright({640, 640}, frame, ObjectFit::contain), (Drawn{{0, 0, 640, 360}, {0, 140, 640, 360}}));
    EXPECT_EQ(drawnOnItsSide({640, 640}, frame, ObjectFit::contain), (Drawn{{0, 0, 640, 360}, {140, 0, 360, 640}}));
}

TEST(DrawnIn, FillCropCutsOffWhatStandsOutAndLeavesNothingBlack) {
    const auto frame = pictureOf(640, 360);
    EXPECT_EQ(drawnUpright({640, 640}, frame, ObjectFit::fillCrop), (Drawn{{140, 0, 360, 360}, {0, 0, 640, 640}}));
    EXPECT_EQ(drawnUpright({640, 180}, frame, ObjectFit::fillCrop), (Drawn{{0, 90, 640, 180}, {0, 0, 640, 180}}));
    EXPECT_EQ(drawnOnItsSide({180, 640}, frame, ObjectFit::fillCrop), (Drawn{{0, 90, 640, 180}, {0, 0, 180, 640}}));
}

TEST(DrawnIn, PixelsThatAreNotSquareAreSeenSo) {
    const auto frame = pictureOf(720, 576, 16, 11);
    EXPECT_EQ(seenSize(frame, {}), (base::PictureSize{1047, 576}));
    EXPECT_EQ(seenSize(frame, {Rotation::Cw270, false}), (base::PictureSize{576, 1047}));
    EXPECT_EQ(drawnUpright({1047, 1000}, frame, ObjectFit::contain).to, (base::Rect{0, 212, 1047, 576}));
    EXPECT_EQ(drawnUpright({576, 576}, frame, ObjectFit::fillCrop).from, (base::Rect{162, 0, 396, 576}));
    EXPECT_EQ(seenSize(pictureOf(640, 360, 0, 1), {}), (base::PictureSize{640, 360})) << "not known";
}

TEST(DrawnIn, StaysInsideWhateverPictureAndView) {
    for (const auto& frame : {pictureOf(8192, 16), pictureOf(16, 8192), pictureOf(2, 2), pictureOf(640, 360, 1000, 1)}) {
        for (const base::PictureSize view : {base::PictureSize{1, 1}, {3, 4000}, {4000, 3}}) {
            for (const auto fit : {ObjectFit::contain, ObjectFit::fillCrop}) {
                for (const auto& drawn : {drawnUpright(view, frame, fit), drawnOnItsSide(view, frame, fit)}) {
                    EXPECT_GE(drawn.from.x, 0);
                    EXPECT_GE(drawn.from.y, 0);
                    EXPECT_GE(drawn.from.width, 1);
                    EXPECT_GE(drawn.from.height, 1);
                    EXPECT_LE(drawn.from.x + drawn.from.width, frame.width());
                    EXPECT_LE(drawn.from.y + drawn.from.height, frame.height());
                    EXPECT_GE(drawn.to.width, 1);
                    EXPECT_GE(drawn.to.height, 1);
                }
            }
        }
    }
}

TEST(SeenBy, IsThePicturesOwnTurnThenTheLayoutsThenTheWindows) {
    auto frame = pictureOf(2, 2);
    EXPECT_TRUE(seenBy(frame, Rotation::None, Rotation::None).none());
    frame.rotation = Rotation::Cw90;
    frame.mirrored = true;
    EXPECT_EQ(seenBy(frame, Rotation::Cw270, Rotation::Cw180), (base::Orientation{Rotation::Cw180, true}));
}

TEST(NormalSize, IsThePicturesUnlessTheScreenIsTooSmallForIt) {
    EXPECT_EQ(normalSize({}, {640, 360}, {1920, 1080}), (base::PictureSize{640, 360}));
    EXPECT_EQ(normalSize({}, {1920, 1080}, {1920, 1080}), (base::PictureSize{1280, 720}));
    EXPECT_EQ(normalSize({}, {720, 1280}, {1920, 1080}), (base::PictureSize{405, 720}));
}

TEST(NormalSize, FollowsWhatIsWantedAndKeepsTheAspectWhereOneLengthIsLeftOut) {
    EXPECT_EQ(normalSize({500, 500}, {640, 360}, {1920, 1080}), (base::PictureSize{500, 500}));
    EXPECT_EQ(normalSize({320, 0}, {640, 360}, {1920, 1080}), (base::PictureSize{320, 180}));
    EXPECT_EQ(normalSize({0, 180}, {640, 360}, {1920, 1080}), (base::PictureSize{320, 180}));
}

TEST(FloatingPlace, IsSmallAndInTheLowerRightCornerOfWhatIsFree) {
    EXPECT_EQ(floatingPlace({1280, 720}, {0, 0, 1920, 1080}), (base::Rect{1416, 786, 480, 270}));
    EXPECT_EQ(floatingPlace({720, 1280}, {0, 0, 1920, 1080}), (base::Rect{1693, 696, 203, 360}));
    EXPECT_EQ(floatingPlace({1280, 720}, {100, 50, 1600, 900}), (base::Rect{1280, 705, 400, 225})) << "beside a panel";
}

}  // namespace
}  // namespace livepusher::display
