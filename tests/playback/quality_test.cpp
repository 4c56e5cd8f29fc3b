// SPDX-License-Identifier: MIT
#include "playback/quality.hpp"

#include <gtest/gtest.h>

namespace livepusher::playback {
namespace {

using namespace std::chrono_literals;

QualitySigns calm() { return {.playing = true, .sinceBegin = 60s, .lateness = 20ms, .target = 1s}; }

TEST(NetQuality, IsTheWorstOfWhatIsSeen) {
    EXPECT_EQ(netQualityLevel(calm()), 1);
    auto signs = calm();
    signs.lateness = 260ms;
    EXPECT_EQ(netQualityLevel(signs), 2);
    signs.lateness = 510ms;
    EXPECT_EQ(netQualityLevel(signs), 3);
    signs.speedAtLimit = true;
    EXPECT_EQ(netQualityLevel(signs), 4);
    signs.sinceStall = 9s;
    EXPECT_EQ(netQualityLevel(signs), 5);
    signs.sinceStall = 10s;
    EXPECT_EQ(netQualityLevel(signs), 4);
    signs.speedAtLimit = false;
    signs.uneven = true;
    EXPECT_EQ(netQualityLevel(signs), 4);
    signs.reconnecting = true;
    EXPECT_EQ(netQualityLevel(signs), 6);
}

TEST(NetQuality, NothingIsKnownInTheFirstSecondAndNothingComesBeforeIt) {
    auto signs = calm();
    signs.sinceBegin = 999ms;
    EXPECT_EQ(netQualityLevel(signs), 0);
    signs.sinceBegin.reset();
    signs.playing = false;
    EXPECT_EQ(netQualityLevel(signs), 6);
}

}  // namespace
}  // namespace livepusher::playback
