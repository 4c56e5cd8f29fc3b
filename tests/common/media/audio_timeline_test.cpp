// SPDX-License-Identifier: MIT
#include "media/audio_timeline.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>

namespace livepusher::base {

using namespace std::chrono_literals;

TEST(AudioTimeline, JitterOfArrivalChangesNothing) {
    AudioTimeline t(48000);
    t.begin(Timestamp(0));
    std::mt19937 random(2);
    std::uniform_int_distribution<int> jitter(-15'000, 15'000);
    for (int n = 0; n < 6000; ++n) {
        const auto d = t.place(Timestamp(n * 10'000 + jitter(random)), 480);
        ASSERT_EQ(d.silence + d.skip, 0U) << n;
        t.append(480);
    }
    EXPECT_EQ(t.position(), 60s);
}

TEST(AudioTimeline, AHoleIsFilledAndAnOverlapLeftOut) {
    AudioTimeline t(48000);
    t.begin(Timestamp(0));
    t.append(480);
    EXPECT_EQ(t.place(510ms, 480).silence, 24000U);
    t.append(24000 + 480);
    EXPECT_EQ(t.place(t.position() - 200ms, 480).skip, 480U) << "all of a block that is too late";
}

TEST(AudioTimeline, MissingIsWhatReachesUntilThen) {
    AudioTimeline t(16000);
    t.begin(1s);
    EXPECT_EQ(t.missing(2s), 16000U);
    EXPECT_EQ(t.missing(500ms), 0U);
}

}  // namespace livepusher::base
