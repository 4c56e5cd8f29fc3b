// SPDX-License-Identifier: MIT
#include "pipeline/size_ladder.hpp"

#include <gtest/gtest.h>

namespace livepusher::pipeline {

namespace {

/// Ticks of 100 ms at one bitrate; the size after them.
class Ladder {
public:
    Ladder(base::PictureSize full, base::PictureSize least, int fps) : fps_(fps) { ladder_.configure(full, least); }

    base::PictureSize after(double seconds, int kbps) {
        for (int i = 0; i < seconds * 10; ++i) {
            changes_ += ladder_.tick(kbps, fps_, now_);
            now_ += std::chrono::milliseconds(100);
        }
        return ladder_.size();
    }
    int changes() const { return changes_; }
    SizeLadder& operator*() { return ladder_; }

private:
    SizeLadder ladder_;
    const int fps_;
    SizeLadder::Time now_{};
    int changes_ = 0;
};

constexpr base::PictureSize kFull{720, 1280}, kLeast{360, 640};

}  // namespace

TEST(SizeLadder, AShortPovertyChangesNothing) {
    Ladder ladder(kFull, kLeast, 30);
    EXPECT_EQ(ladder.after(3.8, 300), kFull);
    EXPECT_EQ(ladder.after(1, 3000), kFull);
    EXPECT_EQ(ladder.after(3.8, 300), kFull);
}

TEST(SizeLadder, GoesDownStepByStepToTheLeastAndNoFurther) {
    Ladder ladder(kFull, kLeast, 30);
    EXPECT_EQ(ladder.after(5, 200), (base::PictureSize{540, 960}));
    EXPECT_EQ(ladder.after(8, 200), (base::PictureSize{540, 960})) << "10 s between two changes";
    EXPECT_EQ(ladder.after(4, 200), kLeast);
    EXPECT_EQ(ladder.after(60, 50), kLeast);
    EXPECT_EQ(ladder.changes(), 2);
}

TEST(SizeLadder, ComesBackWhenThereIsPlentyForLong) {
    Ladder ladder(kFull, kLeast, 30);
    (void)ladder.after(5, 900);
    EXPECT_EQ(ladder.after(14, 1800), (base::PictureSize{540, 960}));
    EXPECT_EQ(ladder.after(2, 1800), kFull);
    EXPECT_EQ(ladder.after(600, 1800), kFull) << "and does not swing";
    EXPECT_EQ(ladder.changes(), 2);
}

TEST(SizeLadder, KeepsTheSizeBetweenPoorAndRich) {
    Ladder ladder(kFull, kLeast, 30);
    EXPECT_EQ(ladder.after(600, 1300), kFull);
    EXPECT_EQ(ladder.changes(), 0);
}

TEST(SizeLadder, WithoutAnythingSmallerItStays) {
    Ladder ladder(kFull, kFull, 30);
    EXPECT_EQ(ladder.after(60, 50), kFull);
}

TEST(SizeLadder, SizesAreEvenAndHaveTheSameShape) {
    Ladder ladder({540, 960}, {360, 640}, 30);
    EXPECT_EQ(ladder.after(5, 100), (base::PictureSize{406, 720}));
    EXPECT_EQ(ladder.after(15, 100), (base::PictureSize{360, 640}));
}

TEST(SizeLadder, OtherPropertiesBeginAtTheFullSize) {
    Ladder ladder(kFull, kLeast, 30);
    (void)ladder.after(5, 200);
    (*ladder).configure({1280, 720}, {640, 360});
    EXPECT_EQ((*ladder).size(), (base::PictureSize{1280, 720}));
    (void)ladder.after(15, 200);
    (*ladder).configure({1280, 720}, {640, 360});
    EXPECT_EQ((*ladder).size(), (base::PictureSize{960, 540})) << "the same ones change nothing";
}

}  // namespace livepusher::pipeline
