// SPDX-License-Identifier: MIT
// A connection that comes, goes, or takes the stream over from another.
#include "send_queue_case.hpp"

namespace livepusher::pipeline {
namespace {

/// Config and key have gone to a connection that is lost now.
void loseAfterTheKey(Queue& q) {
    q.attach();
    q.push(video(Kind::Config, 0ms));
    q.push(video(Kind::Key, 0ms));
    q.push(video(Kind::Delta, 10ms));
    for (int i = 0; i < 2; ++i) (void)q.pop();
    q.detach();
}

}  // namespace

TEST(SendQueue, ANewConnectionGetsTheConfigsInForceThenAKeyAndNothingBeforeIt) {
    Queue q(2s);
    loseAfterTheKey(q);
    q.push(video(Kind::Delta, 20ms));
    q.push(audio(20ms));
    const auto preamble = q.attach(1s);
    EXPECT_TRUE(preamble->wantKey);
    EXPECT_EQ(preamble->configs.size(), 1U);
    EXPECT_FALSE(q.push(video(Kind::Delta, 30ms)));
    EXPECT_FALSE(q.pop()) << "sound waits for the key frame";
    q.push(video(Kind::Key, 40ms));
    q.push(audio(41ms));
    EXPECT_EQ(q.pop()->kind, Kind::Key);
    EXPECT_EQ(q.pop()->dts, 41ms);
    EXPECT_EQ(q.counts().droppedAudio, 1U);
}

TEST(SendQueue, ANewConnectionGoesOnWithAKeyThatWaitsAlready) {
    Queue q(2s);
    loseAfterTheKey(q);
    q.push(audio(15ms));
    q.push(video(Kind::Key, 20ms));
    q.push(video(Kind::Delta, 30ms));
    EXPECT_FALSE(q.attach(1s)->wantKey);
    EXPECT_EQ(q.pop()->dts, 20ms);
    EXPECT_EQ(q.pop()->dts, 30ms);
}

TEST(SendQueue, SoundDoesNotWaitForAKeyForLong) {
    Queue q(2s);
    loseAfterTheKey(q);
    EXPECT_TRUE(q.attach(1s)->wantKey);
    for (auto t = 100ms; t <= 600ms; t += 20ms) q.push(audio(t));
    EXPECT_EQ(q.pop()->dts, 100ms);
    EXPECT_FALSE(q.push(video(Kind::Delta, 610ms))) << "of no use yet";
    EXPECT_EQ(q.counts().video, 0);
}

TEST(SendQueue, AnEndWaitsForNoKey) {
    Queue q(2s);
    loseAfterTheKey(q);
    q.push(audio(20ms));
    q.finish();
    q.attach(1s);
    EXPECT_EQ(q.pop()->track, Track::Audio);
    EXPECT_FALSE(q.pop());
    EXPECT_TRUE(q.ended());
}

TEST(SendQueue, AnotherOutletTakesOverAtAKeyFrameAndNothingIsLostOrTwice) {
    Queue q(0s);
    SendQueue::Outlet next;
    q.attach();
    q.push(video(Kind::Config, 0ms));
    q.push(video(Kind::Key, 0ms));
    EXPECT_EQ(q.pop()->kind, Kind::Config);
    EXPECT_FALSE(q.requestTakeover(next)) << "a key frame waits already";
    EXPECT_FALSE(q.pop()) << "it is the other's";
    EXPECT_TRUE(q.ended());
    EXPECT_TRUE(q.SendQueue::detach(q.outlet)) << "replaced";
    const auto preamble = static_cast<SendQueue&>(q).attach(next, 0ms, true);
    ASSERT_TRUE(preamble);
    EXPECT_FALSE(preamble->wantKey);
    EXPECT_EQ(preamble->configs.size(), 1U);
    EXPECT_EQ(static_cast<SendQueue&>(q).pop(next)->kind, Kind::Key);

    SendQueue::Outlet third;
    EXPECT_TRUE(q.requestTakeover(third)) << "now one has to be asked for";
    q.push(video(Kind::Delta, 10ms));
    q.push(audio(12ms));
    q.push(video(Kind::Key, 20ms));
    q.push(audio(22ms));
    SendQueue& queue = q;
    for (const auto t : {10ms, 12ms}) EXPECT_EQ(queue.pop(next)->dts, t);
    EXPECT_FALSE(queue.pop(next));
    EXPECT_TRUE(queue.attach(third, 0ms, true));
    for (const auto t : {20ms, 22ms}) EXPECT_EQ(queue.pop(third)->dts, t);
}

TEST(SendQueue, AnOutletThatGoesMakesRoomForTheOneThatWaits) {
    Queue q(2s);
    SendQueue::Outlet next;
    loseAfterTheKey(q);
    q.attach(1s);
    EXPECT_TRUE(q.requestTakeover(next));
    SendQueue& queue = q;
    EXPECT_FALSE(queue.attach(next, 1s, false));
    EXPECT_FALSE(next.wake().signalled());
    q.detach();
    EXPECT_TRUE(next.wake().signalled());
    const auto preamble = queue.attach(next, 1s, false);
    ASSERT_TRUE(preamble);
    EXPECT_TRUE(preamble->wantKey);
}

TEST(SendQueue, SoundAloneIsTakenOverAtOnceAndAPictureThatStandsStillIsNotWaitedForForEver) {
    Queue q(2s);
    SendQueue::Outlet next;
    q.attach();
    q.push(audio(0ms));
    q.requestTakeover(next);
    EXPECT_FALSE(q.pop());
    EXPECT_TRUE(q.ended());

    Queue still(2s);
    loseAfterTheKey(still);
    still.attach(1s);
    still.requestTakeover(next);
    const auto preamble = static_cast<SendQueue&>(still).attach(next, 1s, true);
    ASSERT_TRUE(preamble);
    EXPECT_TRUE(preamble->wantKey);
    EXPECT_TRUE(still.ended());
}

TEST(SendQueue, WhatWasQueuedWhileConnectingGoesOutWhenItIsFresh) {
    Queue q(2s);
    q.push(video(Kind::Config, 0ms));
    q.push(video(Kind::Key, 0ms));
    const auto preamble = q.attach(150ms);
    EXPECT_FALSE(preamble->wantKey);
    EXPECT_TRUE(preamble->configs.empty());
    EXPECT_EQ(q.pop()->kind, Kind::Config);
    EXPECT_EQ(q.pop()->kind, Kind::Key);
}

TEST(SendQueue, AnEndComesBeforeATakeoverThatWaits) {
    Queue q(2s);
    SendQueue::Outlet next;
    q.attach();
    q.push(video(Kind::Config, 0ms));
    q.push(audio(0ms));
    q.requestTakeover(next);
    EXPECT_FALSE(static_cast<SendQueue&>(q).attach(next, 1s, false));
    q.finish();
    EXPECT_TRUE(static_cast<SendQueue&>(q).ended(next)) << "what is left is the other's";
    EXPECT_FALSE(q.ended());
}

}  // namespace livepusher::pipeline
