// SPDX-License-Identifier: MIT
#include "capture/file/picture_times.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace livepusher::capture {
namespace {

using std::chrono::milliseconds;

TEST(PictureTimesTest, TimesInOrderAreTakenAsTheyAre) {
    PictureTimes times;
    for (const auto at : {5, 40, 95, 96, 700, 5000}) EXPECT_EQ(times.place(milliseconds(at), milliseconds(40)), milliseconds(at));
    EXPECT_EQ(times.place({}, milliseconds(40)), milliseconds(5040)) << "one that tells none follows";
}

TEST(PictureTimesTest, TimesOfDecodingBecomeABeat) {
    PictureTimes times;
    Timestamp before{-1};
    for (int i = 0; i < 100; ++i) {
        const auto at = times.place(milliseconds(200 + 40 * i + (i % 3 == 0 ? -80 : 40)), milliseconds(40));
        EXPECT_GT(at, before) << i;
        if (i > 2) {
            EXPECT_EQ(at - before, milliseconds(40)) << i;
        }
        before = at;
    }
    EXPECT_LT(times.end(), milliseconds(200 + 40 * 102));
    EXPECT_GT(times.end(), milliseconds(200 + 40 * 96));
}

TEST(PictureTimesTest, TimesThatAreInOrderAgainAreTakenAgain) {
    PictureTimes times;
    for (const auto at : {0, 40, 20}) times.place(milliseconds(at), milliseconds(40));
    Timestamp last{};
    for (int i = 0; i < 30; ++i) last = times.place(milliseconds(200 + 50 * i), milliseconds(50));
    EXPECT_EQ(last, milliseconds(200 + 50 * 29));
}

TEST(PictureTimesTest, AStepAheadIsTakenAtOnce) {
    PictureTimes times;
    for (const auto at : {0, 40, 20}) times.place(milliseconds(at), milliseconds(40));
    EXPECT_EQ(times.place(milliseconds(3000), milliseconds(40)), milliseconds(3000)) << "the sound has gone there too";
}

TEST(PictureTimesTest, AStepFarBackFollows) {
    PictureTimes times;
    for (const auto at : {1000, 1040, 1080}) times.place(milliseconds(at), milliseconds(40));
    EXPECT_EQ(times.place(milliseconds(20), milliseconds(40)), milliseconds(1120));
}

}  // namespace
}  // namespace livepusher::capture
