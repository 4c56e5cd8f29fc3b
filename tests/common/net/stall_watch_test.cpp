// SPDX-License-Identifier: MIT
#include "net/stall_watch.hpp"

#include <gtest/gtest.h>

namespace livepusher::rtmp {
namespace {

using namespace std::chrono_literals;

class StallWatchTest : public ::testing::Test {
protected:
    StallWatch watch_{15s};
    StallWatch::Clock::time_point start_{};

    bool stalledAfter(std::chrono::milliseconds time) const { return watch_.stalled(start_ + time); }
    void note(std::uint64_t acknowledged, bool waiting, std::chrono::milliseconds at) {
        watch_.note(acknowledged, waiting, start_ + at);
    }
    /// As the connection does it while data waits.
    void keepNoting(std::uint64_t acknowledged, std::chrono::milliseconds from, std::chrono::milliseconds until) {
        for (auto at = from; at <= until; at += StallWatch::kEvery) note(acknowledged, true, at);
    }
};

TEST_F(StallWatchTest, NothingToSendIsNoStall) {
    note(100, false, 0s);
    note(100, false, 60s);
    EXPECT_FALSE(watch_.waiting());
    EXPECT_FALSE(stalledAfter(600s));
}

TEST_F(StallWatchTest, CountsFromTheLastAcknowledgement) {
    keepNoting(100, 0s, 14s);
    EXPECT_FALSE(stalledAfter(14'999ms));
    EXPECT_TRUE(stalledAfter(15s));
    note(101, true, 15s);
    EXPECT_FALSE(stalledAfter(29'999ms));
    EXPECT_TRUE(stalledAfter(30s));
}

TEST_F(StallWatchTest, AProcessThatStoodStillItselfBlamesNoServer) {
    keepNoting(100, 0s, 1s);
    note(100, true, 301s);
    EXPECT_FALSE(stalledAfter(301s));
    keepNoting(100, 301s, 316s);
    EXPECT_TRUE(stalledAfter(316s)) << "and one that takes nothing afterwards is told from that";
}

TEST_F(StallWatchTest, CountsFromWhenThereIsSomethingToSendAgain) {
    note(100, true, 0s);
    note(200, false, 1s);
    note(200, true, 100s);
    EXPECT_FALSE(stalledAfter(114s));
    EXPECT_TRUE(stalledAfter(115s));
}

}  // namespace
}  // namespace livepusher::rtmp
