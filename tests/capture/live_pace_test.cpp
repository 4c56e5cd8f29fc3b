// SPDX-License-Identifier: MIT
#include "capture/file/live_pace.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

namespace livepusher::capture {
namespace {

constexpr Timestamp ms(std::int64_t count) { return Timestamp(count * 1000); }

/// What a feed is like: its packets' media time and the moment of arrival. Packets are 20 ms long.
struct Feed {
    double rate = 1;    ///< media in a second of ours
    double jitter = 0;  ///< s, each packet late by up to that
    double period = 0;  ///< s; it comes in pieces of that length
    double seconds = 120;
    std::function<double(double)> late = [](double) { return 0.0; };  ///< s, at a moment of ours
};

struct Played {
    double worst = 0;  ///< s: the latest that came too late, after the first 10 s
    double delay = 0;  ///< s: from arrival to when it is due, at the median of the last 10 s
    int jumps = 0;     ///< after the first 10 s
    double rate = 1;
};

Played play(const Feed& feed, const std::function<void(LivePace&, Timestamp)>& also = {}) {
    LivePace pace;
    std::mt19937 random(7);
    std::uniform_real_distribution<double> shake(0, std::max(feed.jitter, 1e-9));
    Played played;
    std::vector<double> delays;
    double last = 0;
    for (int n = 0;; ++n) {
        const double media = n * 0.02;
        double made = media / feed.rate;
        if (feed.period > 0) made = (std::floor(made / feed.period) + 1) * feed.period;
        if (made > feed.seconds) break;
        const double arrival = std::max(last, made + shake(random) + feed.late(made));
        last = arrival;
        const Timestamp at(std::llround(media * 1e6)), came(std::llround(arrival * 1e6));
        if (!pace.begun()) pace.begin(at, came + LivePace::kMargin);
        const auto before = pace.moment(at);
        if (also) also(pace, came);
        pace.arrived(at, came);
        if (arrival > 10) {
            if (before < came) ++played.jumps;
            played.worst = std::max(played.worst, double((came - before).count()) / 1e6);
        }
        if (arrival > feed.seconds - 10) delays.push_back(double((pace.moment(at) - came).count()) / 1e6);
    }
    std::nth_element(delays.begin(), delays.begin() + std::ptrdiff_t(delays.size() / 2), delays.end());
    played.delay = delays[delays.size() / 2];
    played.rate = pace.rate();
    return played;
}

TEST(LivePaceTest, AnEvenFeedIsLeftAlone) {
    const auto played = play({});
    EXPECT_EQ(played.rate, 1);
    EXPECT_EQ(played.jumps, 0);
    EXPECT_NEAR(played.delay, 0.25, 0.02);
}

TEST(LivePaceTest, JitterIsWaitedFor) {
    const auto played = play({.jitter = 0.2});
    EXPECT_EQ(played.jumps, 0);
    EXPECT_LT(played.delay, 0.7);
    EXPECT_NEAR(played.rate, 1, 0.005);
}

TEST(LivePaceTest, AFeedOfAnotherClockIsFollowed) {
    for (const double rate : {0.95, 0.98, 1.02, 1.05}) {
        SCOPED_TRACE(rate);
        const auto played = play({.rate = rate, .jitter = 0.02, .seconds = 300});
        EXPECT_EQ(played.jumps, 0);
        EXPECT_GT(played.delay, 0.02);
        EXPECT_LT(played.delay, 1.0);
        EXPECT_NEAR(played.rate, rate, 0.01);
    }
}

TEST(LivePaceTest, WhatAServerHasKeptIsNotCarriedAlong) {
    // Three seconds of the past come at once.
    const auto played = play({.late = [](double made) { return made < 3 ? 3 - made : 0; }});
    EXPECT_LT(played.delay, 1.3);
    EXPECT_EQ(played.jumps, 0);
}

TEST(LivePaceTest, AfterAStallTheDelayComesBack) {
    const auto played = play({.late = [](double made) { return made > 30 && made < 33 ? 33 - made : 0; }});
    EXPECT_EQ(played.jumps, 1);
    EXPECT_LT(played.delay, 1.3);
}

TEST(LivePaceTest, PiecesOfSecondsAreWaitedForAndNoMore) {
    const auto played = play({.jitter = 0.1, .period = 4, .seconds = 200});
    EXPECT_EQ(played.jumps, 0);
    EXPECT_LT(played.delay, 4 + 1);
    EXPECT_NEAR(played.rate, 1, 0.02);
}

TEST(LivePaceTest, ASenderThatIsHeldBackHasNoClock) {
    LivePace pace;
    pace.keepAll();
    pace.begin(ms(0), ms(250));
    // It comes twice as fast as it plays, and is held back again and again.
    for (int n = 0; n < 3000; ++n) {
        const auto came = ms(n * 10);
        if (n % 50 == 0) pace.heldBack(came);
        pace.arrived(ms(n * 20), came);
    }
    EXPECT_EQ(pace.rate(), 1);
    EXPECT_EQ(pace.moment(ms(0)), ms(250));
}

}  // namespace
}  // namespace livepusher::capture
