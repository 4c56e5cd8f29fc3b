// SPDX-License-Identifier: MIT
#include "playback/lateness.hpp"

#include <gtest/gtest.h>

namespace livepusher::playback {
namespace {

using namespace std::chrono_literals;

/// 25 packets a second from `from` on, for that long, each so late.
void feed(Lateness& lateness, Timestamp from, Timestamp length, Timestamp late) {
    for (auto media = from; media < from + length; media += 40ms) lateness.packet(media, media + 100s + late);
}

TEST(Lateness, TheFastestPacketSetsTheBase) {
    Lateness lateness;
    EXPECT_FALSE(lateness.base());
    lateness.packet(0s, 100s + 30ms);
    EXPECT_EQ(lateness.base(), 100s + 30ms);
    lateness.packet(40ms, 100s + 45ms);
    EXPECT_EQ(lateness.base(), 100s + 5ms);
    lateness.packet(80ms, 100s + 200ms);
    EXPECT_EQ(lateness.base(), 100s + 5ms);
}

TEST(Lateness, TheBaseIsForgottenAfterThirtySeconds) {
    Lateness lateness;
    feed(lateness, 0s, 1s, 0ms);
    feed(lateness, 1s, 28s, 50ms);
    EXPECT_EQ(lateness.base(), 100s);
    feed(lateness, 29s, 4s, 50ms);
    EXPECT_EQ(lateness.base(), 100s + 50ms);
}

TEST(Lateness, ASilenceOfMinutesDoesNotKeepAnOldBase) {
    Lateness lateness;
    feed(lateness, 0s, 5s, 0ms);
    feed(lateness, 300s, 1s, 70ms);
    EXPECT_EQ(lateness.base(), 100s + 70ms);
}

TEST(Lateness, OneLongStopIsNotTakenForTheRule) {
    Lateness lateness;
    feed(lateness, 0s, 60s, 5ms);
    EXPECT_EQ(lateness.quantile(), 20ms);
    for (auto media = 60s + 0ms; media < 63s; media += 40ms) lateness.packet(media, 100s + 63s);  // all at once
    feed(lateness, 63s, 10s, 5ms);
    EXPECT_EQ(lateness.quantile(), 20ms);
}

TEST(Lateness, StopsThatComeAgainAreTheRuleAndAreForgottenWhenTheyEnd) {
    Lateness lateness;
    Timestamp at{};
    for (int n = 0; n < 20; ++n, at += 5s) {
        feed(lateness, at, 4s, 5ms);
        lateness.packet(at + 4s, at + 4s + 100s + 400ms);
        feed(lateness, at + 4s + 400ms, 600ms, 5ms);
    }
    EXPECT_EQ(lateness.quantile(), 400ms) << "395, rounded up";
    feed(lateness, at, 60s, 5ms);
    EXPECT_EQ(lateness.quantile(), 20ms);
}

TEST(Lateness, WhatIsLaterThanCanBeBufferedIsCountedAsTheMost) {
    Lateness lateness;
    for (int n = 0; n < 20; ++n) {
        lateness.packet(n * 1s, n * 1s + 100s);
        lateness.packet(n * 1s - 15s, n * 1s + 100s);  // the other track
    }
    EXPECT_EQ(lateness.quantile(), 10s);
}

}  // namespace
}  // namespace livepusher::playback
