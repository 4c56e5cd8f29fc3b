// SPDX-License-Identifier: MIT
#include "pipeline/send_queue.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace livepusher::pipeline {
namespace {

using namespace std::chrono_literals;
using Kind = Packet::Kind;
using Track = Packet::Track;

Packet video(Kind kind, std::chrono::milliseconds at) { return {Track::Video, kind, at, at, nullptr, nullptr}; }
Packet audio(std::chrono::milliseconds at) { return {Track::Audio, Kind::Key, at, at, nullptr, nullptr}; }

void connect(SendQueue& q) {
    std::vector<Packet> configs;
    (void)q.connected(1h, configs);
}

}  // namespace

TEST(SendQueue, WhenTooMuchWaitsDeltasGoAndConfigKeyAndSoundStay) {
    SendQueue q(100ms);
    connect(q);
    q.push(video(Kind::Config, 0ms));
    q.push(video(Kind::Key, 0ms));
    bool asked = false;
    for (auto t = 10ms; t <= 110ms; t += 10ms) asked = q.push(video(Kind::Delta, t)) || asked;
    EXPECT_TRUE(asked);
    q.push(audio(115ms));
    EXPECT_FALSE(q.push(video(Kind::Delta, 120ms))) << "asked once already";
    EXPECT_EQ(q.counts().droppedVideo, 12U);
    EXPECT_EQ(q.pop()->kind, Kind::Config);
    EXPECT_EQ(q.pop()->kind, Kind::Key);
    EXPECT_EQ(q.pop()->track, Track::Audio);
    q.push(video(Kind::Key, 130ms));
    EXPECT_FALSE(q.push(video(Kind::Delta, 140ms)));
    EXPECT_EQ(q.counts().video, 2);
}

TEST(SendQueue, WithoutAConnectionNothingOlderThanTheLimitIsKept) {
    SendQueue q(100ms);
    q.push(video(Kind::Config, 0ms));
    for (auto t = 0ms; t < 10'000ms; t += 10ms) {
        q.push(audio(t));
        q.push(video(t % 1000ms == 0ms ? Kind::Key : Kind::Delta, t));
    }
    EXPECT_LE(q.counts().span, 100ms);
    std::vector<Packet> configs;
    EXPECT_TRUE(q.connected(50ms, configs));
    ASSERT_EQ(configs.size(), 1U);
    EXPECT_EQ(configs[0].kind, Kind::Config);
}

TEST(SendQueue, ANewConnectionGetsTheConfigsInForceAndNoDeltaBeforeAKey) {
    SendQueue q(2s);
    connect(q);
    q.push(video(Kind::Config, 0ms));
    q.push(video(Kind::Key, 0ms));
    q.push(video(Kind::Delta, 10ms));
    for (int i = 0; i < 2; ++i) (void)q.pop();  // config and key went to the connection that is lost now
    q.disconnected();
    q.push(video(Kind::Delta, 20ms));
    q.push(audio(20ms));
    std::vector<Packet> configs;
    EXPECT_TRUE(q.connected(1s, configs));
    EXPECT_EQ(configs.size(), 1U);
    EXPECT_EQ(q.pop()->track, Track::Audio);
    EXPECT_FALSE(q.push(video(Kind::Delta, 30ms)));
    q.push(video(Kind::Key, 40ms));
    EXPECT_EQ(q.pop()->kind, Kind::Key);
}

TEST(SendQueue, WhatWasQueuedWhileConnectingGoesOutWhenItIsFresh) {
    SendQueue q(2s);
    q.push(video(Kind::Config, 0ms));
    q.push(video(Kind::Key, 0ms));
    std::vector<Packet> configs;
    EXPECT_FALSE(q.connected(150ms, configs));
    EXPECT_TRUE(configs.empty());
    EXPECT_EQ(q.pop()->kind, Kind::Config);
    EXPECT_EQ(q.pop()->kind, Kind::Key);
}

TEST(SendQueue, FinishDrainsAndCloseForgets) {
    SendQueue q(2s);
    q.push(audio(0ms));
    q.finish();
    EXPECT_FALSE(q.ended());
    EXPECT_FALSE(q.push(audio(1ms)));
    EXPECT_TRUE(q.pop());
    EXPECT_FALSE(q.pop());
    EXPECT_TRUE(q.ended());
    SendQueue other(2s);
    other.push(audio(0ms));
    other.close();
    EXPECT_FALSE(other.pop());
}

TEST(SendQueue, TheConfigsOfAllTracksAwaitedGoFirst) {
    SendQueue q(2s);
    connect(q);
    q.expect(true, true);
    q.push({Track::Audio, Kind::Config, 0ms, 0ms, nullptr, nullptr});
    q.push(audio(0ms));
    q.wake();
    EXPECT_FALSE(q.pop()) << "held";
    q.push(video(Kind::Config, 30ms));
    q.push(video(Kind::Key, 30ms));
    EXPECT_EQ(q.pop()->kind, Kind::Config);
    EXPECT_EQ(q.pop()->kind, Kind::Config);
    EXPECT_EQ(q.pop()->track, Track::Audio);
}

TEST(SendQueue, ATrackThatDoesNotComeIsNotAwaitedForLong) {
    SendQueue q(2s);
    connect(q);
    q.expect(true, true);
    q.push({Track::Audio, Kind::Config, 0ms, 0ms, nullptr, nullptr});
    for (auto t = 0ms; t <= 500ms; t += 20ms) q.push(audio(t));
    EXPECT_EQ(q.pop()->kind, Kind::Config);
    SendQueue ending(2s);
    ending.expect(true, true);
    ending.push(audio(0ms));
    ending.finish();
    EXPECT_TRUE(ending.pop()) << "what is there goes out at the end";
}

TEST(SendQueue, AWakeEndsAWait) {
    SendQueue q(2s);
    std::jthread waker([&] { q.wake(); });
    EXPECT_FALSE(q.pop());
    EXPECT_FALSE(q.ended());
}

}  // namespace livepusher::pipeline
