// SPDX-License-Identifier: MIT
#include "display/geometry.hpp"

#include <gtest/gtest.h>

namespace livepusher::base {

static std::ostream& operator<<(std::ostream& out, const PictureSize& s) { return out << s.width << "x" << s.height; }
static std::ostream& operator<<(std::ostream& out, const Rect& r) {
    return out << r.width << "x" << r.height << "+" << r.x << "+" << r.y;
}

}  // namespace livepusher::base

namespace livepusher::display {

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
