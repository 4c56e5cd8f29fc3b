// SPDX-License-Identifier: MIT
#include "capture/file/picture_times.hpp"

#include <gtest/gtest.h>

namespace livepusher::capture {
namespace {

constexpr Timestamp ms(std::int64_t count) { return Timestamp(count * 1000); }

TEST(PictureTimesTest, TimesInOrderAreTakenAsTheyAre) {
    PictureTimes times;
    for (const auto at : {5, 40, 95, 96, 700, 5000}) EXPECT_EQ(times.place(ms(at), ms(40)), ms(at));
    EXPECT_EQ(times.place({}, ms(40)), ms(5040)) << "one that tells none follows";
}

TEST(PictureTimesTest, TimesOfDecodingBecomeABeat) {
    PictureTimes times;
    Timestamp before{-1};
    for (int i = 0; i < 100; ++i) {
        const auto at = times.place(ms(200 + 40 * i + (i % 3 == 0 ? -80 : 40)), ms(40));
        EXPECT_GT(at, before) << i;
        if (i > 2) {
            EXPECT_EQ(at - before, ms(40)) << i;
        }
        before = at;
    }
    EXPECT_LT(times.end(), ms(200 + 40 * 102));
    EXPECT_GT(times.end(), ms(200 + 40 * 96));
}

TEST(PictureTimesTest, TimesThatAreInOrderAgainAreTakenAgain) {
    PictureTimes times;
    for (const auto at : {0, 40, 20}) times.place(ms(at), ms(40));
    Timestamp last{};
    for (int i = 0; i < 30; ++i) last = times.place(ms(200 + 50 * i), ms(50));
    EXPECT_EQ(last, ms(200 + 50 * 29));
}

TEST(PictureTimesTest, AStepAheadIsTakenAtOnce) {
    PictureTimes times;
    for (const auto at : {0, 40, 20}) times.place(ms(at), ms(40));
    EXPECT_EQ(times.place(ms(3000), ms(40)), ms(3000)) << "the sound has gone there too";
}

TEST(PictureTimesTest, AStepFarBackFollows) {
    PictureTimes times;
    for (const auto at : {1000, 1040, 1080}) times.place(ms(at), ms(40));
    EXPECT_EQ(times.place(ms(20), ms(40)), ms(1120));
}

}  // namespace
}  // namespace livepusher::capture
