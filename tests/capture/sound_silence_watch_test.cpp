// SPDX-License-Identifier: MIT
#include "capture/sound/silence_watch.hpp"

#include <gtest/gtest.h>

#include <array>

namespace livepusher::capture {
namespace {

using namespace std::chrono_literals;
using Tells = SilenceWatch::Tells;

TEST(SilenceWatch, TellsOnceThatNothingWasHeardForThreeSeconds) {
    SilenceWatch watch;
    watch.begin(10s);
    EXPECT_EQ(watch.look(12s + 999ms), Tells::Nothing);
    EXPECT_EQ(watch.look(13s), Tells::Silent);
    EXPECT_EQ(watch.look(60s), Tells::Nothing);
}

TEST(SilenceWatch, TellsThatSoundIsBackAndAfterThatASecondSilence) {
    SilenceWatch watch;
    watch.begin(0s);
    EXPECT_EQ(watch.hear(2s), Tells::Nothing);
    EXPECT_EQ(watch.look(4s), Tells::Nothing);
    EXPECT_EQ(watch.look(5s), Tells::Silent);
    EXPECT_EQ(watch.hear(9s), Tells::Heard);
    EXPECT_EQ(watch.hear(9s), Tells::Nothing);
    EXPECT_EQ(watch.look(12s), Tells::Silent);
}

TEST(SilenceWatch, OpeningAgainBeginsANewEpisode) {
    SilenceWatch watch;
    watch.begin(0s);
    EXPECT_EQ(watch.look(3s), Tells::Silent);
    watch.begin(4s);
    EXPECT_EQ(watch.look(6s), Tells::Nothing);
    EXPECT_EQ(watch.look(7s), Tells::Silent);
}

TEST(SilenceWatch, OnlyZerosAreSilence) {
    std::array<float, 4> samples{};
    EXPECT_FALSE(SilenceWatch::sounds(samples.data(), samples.size()));
    samples[3] = -1.0F / 32768;
    EXPECT_TRUE(SilenceWatch::sounds(samples.data(), samples.size()));
    samples[3] = -samples[3];
    EXPECT_TRUE(SilenceWatch::sounds(samples.data(), samples.size()));
}

}  // namespace
}  // namespace livepusher::capture
