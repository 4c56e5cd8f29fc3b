// SPDX-License-Identifier: MIT
#include "playback/gap_watch.hpp"
#include "playback/uneven_watch.hpp"

#include <gtest/gtest.h>

namespace livepusher::playback {
namespace {

using namespace std::chrono_literals;

TEST(GapWatch, TellsAGapOnceAndAtTheMomentItIsKnown) {
    GapWatch watch(500ms);
    EXPECT_FALSE(watch.tick(10s)) << "nothing was shown yet";
    watch.shown(10s);
    EXPECT_FALSE(watch.tick(10s + 499ms));
    EXPECT_TRUE(watch.tick(10s + 500ms));
    EXPECT_FALSE(watch.tick(12s));
    watch.shown(12s);
    EXPECT_FALSE(watch.tick(12s + 400ms));
    EXPECT_TRUE(watch.tick(13s));
}

TEST(GapWatch, APauseIsNone) {
    GapWatch watch(500ms);
    watch.shown(10s);
    watch.rest();
    EXPECT_FALSE(watch.tick(20s));
    watch.shown(20s);
    EXPECT_TRUE(watch.tick(21s));
}

/// For that long, media at a rate.
int told(UnevenWatch& watch, Timestamp& now, Timestamp& newest, Timestamp length, double rate, Timestamp lateness = 0s) {
    int count = 0;
    for (const auto end = now + length; now < end; now += 100ms) {
        newest += Timestamp(static_cast<std::int64_t>(100'000 * rate));
        count += watch.tick(now, lateness, 1s, newest);
    }
    return count;
}

TEST(UnevenWatch, TellsMediaThatComesTooSlowly) {
    UnevenWatch watch;
    Timestamp now{10s}, newest{};
    EXPECT_EQ(told(watch, now, newest, 60s, 1), 0);
    EXPECT_EQ(told(watch, now, newest, 60s, 0.92), 0);
    EXPECT_EQ(told(watch, now, newest, 60s, 1), 0);
    EXPECT_EQ(told(watch, now, newest, 1s, 0.8), 0);
    EXPECT_EQ(told(watch, now, newest, 2s, 0.8), 1);
    EXPECT_TRUE(watch.is());
    EXPECT_EQ(told(watch, now, newest, 20s, 0.8), 4) << "every 5 s";
}

TEST(UnevenWatch, TellsLatenessBeforeItComesToAStall) {
    UnevenWatch watch;
    Timestamp now{10s}, newest{};
    EXPECT_EQ(told(watch, now, newest, 5s, 1, 800ms), 0);
    EXPECT_EQ(told(watch, now, newest, 100ms, 1, 801ms), 1);
    EXPECT_EQ(told(watch, now, newest, 2900ms, 1), 0);
    EXPECT_TRUE(watch.is());
    told(watch, now, newest, 300ms, 1);
    EXPECT_FALSE(watch.is()) << "3 s of calm";
}

TEST(UnevenWatch, WhatWasBeforeAPauseCountsForNothing) {
    UnevenWatch watch;
    Timestamp now{10s}, newest{};
    told(watch, now, newest, 2900ms, 0.1);
    watch.restart();
    now += 60s;
    EXPECT_EQ(told(watch, now, newest, 2s, 1), 0);
}

}  // namespace
}  // namespace livepusher::playback
