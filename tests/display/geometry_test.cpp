// SPDX-License-Identifier: MIT
#include "display/geometry.hpp"

#include <gtest/gtest.h>

namespace livepusher::display {

static std::ostream& operator<<(std::ostream& out, const Size& s) { return out << s.width << "x" << s.height; }
static std::ostream& operator<<(std::ostream& out, const Rect& r) {
    return out << r.width << "x" << r.height << "+" << r.x << "+" << r.y;
}

namespace {

TEST(FitInto, ShowsThePictureWholeBetweenBars) {
    EXPECT_EQ(fitInto({1280, 720}, {0, 0, 640, 360}), (Rect{0, 0, 640, 360}));
    EXPECT_EQ(fitInto({1280, 720}, {0, 0, 640, 640}), (Rect{0, 140, 640, 360}));
    EXPECT_EQ(fitInto({360, 640}, {0, 0, 640, 640}), (Rect{140, 0, 360, 640}));
    EXPECT_EQ(fitInto({360, 640}, {10, 20, 100, 100}), (Rect{32, 20, 56, 100}));
}

TEST(FitInto, LeavesSomethingOfWhateverPictureInWhateverBox) {
    for (const Size picture : {Size{8192, 16}, Size{16, 8192}, Size{2, 2}}) {
        for (const Rect box : {Rect{0, 0, 1, 1}, Rect{0, 0, 3, 4000}, Rect{0, 0, 4000, 3}}) {
            const auto fit = fitInto(picture, box);
            EXPECT_GE(fit.width, 1) << picture << " in " << box;
            EXPECT_GE(fit.height, 1) << picture << " in " << box;
            EXPECT_LE(fit.width, box.width) << picture << " in " << box;
            EXPECT_LE(fit.height, box.height) << picture << " in " << box;
        }
    }
}

TEST(NormalSize, IsThePicturesUnlessTheScreenIsTooSmallForIt) {
    EXPECT_EQ(normalSize({}, {640, 360}, {1920, 1080}), (Size{640, 360}));
    EXPECT_EQ(normalSize({}, {1920, 1080}, {1920, 1080}), (Size{1280, 720}));
    EXPECT_EQ(normalSize({}, {720, 1280}, {1920, 1080}), (Size{405, 720}));
}

TEST(NormalSize, FollowsWhatIsWantedAndKeepsTheAspectWhereOneLengthIsLeftOut) {
    EXPECT_EQ(normalSize({500, 500}, {640, 360}, {1920, 1080}), (Size{500, 500}));
    EXPECT_EQ(normalSize({320, 0}, {640, 360}, {1920, 1080}), (Size{320, 180}));
    EXPECT_EQ(normalSize({0, 180}, {640, 360}, {1920, 1080}), (Size{320, 180}));
}

TEST(FloatingPlace, IsSmallAndInTheLowerRightCornerOfWhatIsFree) {
    EXPECT_EQ(floatingPlace({1280, 720}, {0, 0, 1920, 1080}), (Rect{1416, 786, 480, 270}));
    EXPECT_EQ(floatingPlace({720, 1280}, {0, 0, 1920, 1080}), (Rect{1693, 696, 203, 360}));
    EXPECT_EQ(floatingPlace({1280, 720}, {100, 50, 1600, 900}), (Rect{1280, 705, 400, 225})) << "beside a panel";
}

}  // namespace
}  // namespace livepusher::display
