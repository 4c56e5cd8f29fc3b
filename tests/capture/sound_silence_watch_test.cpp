// SPDX-License-Identifier: MIT
#include "capture/sound/silence_watch.hpp"

#include <gtest/gtest.h>

#include <array>

namespace livepusher::capture {
namespace {

using namespace std::chrono_literals;

TEST(SilenceWatch, TellsOnceThatNothingWasHeardForThreeSeconds) {
    SilenceWatch watch;
    watch.begin(10s);
    EXPECT_FALSE(watch.look(12s + 999ms));
    EXPECT_TRUE(watch.look(13s));
    EXPECT_FALSE(watch.look(60s));
}

TEST(SilenceWatch, TellsThatSoundIsBackAndAfterThatASecondSilence) {
    SilenceWatch watch;
    watch.begin(0s);
    EXPECT_FALSE(watch.hear(2s));
    EXPECT_FALSE(watch.look(4s));
    EXPECT_TRUE(watch.look(5s));
    EXPECT_TRUE(watch.hear(9s));
    EXPECT_FALSE(watch.hear(9s));
    EXPECT_TRUE(watch.look(12s));
}

TEST(SilenceWatch, OpeningAgainBeginsANewEpisode) {
    SilenceWatch watch;
    watch.begin(0s);
    EXPECT_TRUE(watch.look(3s));
    watch.begin(4s);
    EXPECT_FALSE(watch.look(6s));
    EXPECT_TRUE(watch.look(7s));
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
