// SPDX-License-Identifier: MIT
#include "capture/file/media_clock.hpp"

#include <gtest/gtest.h>

#include <future>

namespace livepusher::capture {
namespace {

constexpr Timestamp ms(std::int64_t count) { return Timestamp(count * 1000); }

std::future<std::optional<Timestamp>> waiter(MediaClock& clock, Track track, Timestamp media) {
    return std::async(std::launch::async, [&clock, track, media] { return clock.waitFor(track, media); });
}

TEST(MediaClockTest, ATrackThatIsReadyWaitsForTheOther) {
    MediaClock clock(false);
    clock.expect(Track::Video, MediaClock::Expected::Yes);
    clock.expect(Track::Audio, MediaClock::Expected::Yes);
    clock.run();
    auto picture = waiter(clock, Track::Video, ms(0));
    auto sound = waiter(clock, Track::Audio, ms(20));
    const auto shown = picture.get(), heard = sound.get();
    ASSERT_TRUE(shown && heard);
    EXPECT_EQ(*heard - *shown, ms(20));
}

TEST(MediaClockTest, ATrackWithNothingToBeginWithIsNotWaitedFor) {
    MediaClock clock(false);
    clock.expect(Track::Video, MediaClock::Expected::Yes);
    clock.expect(Track::Audio, MediaClock::Expected::Yes);
    clock.run();
    clock.excuse(Track::Audio);
    EXPECT_TRUE(clock.waitFor(Track::Video, ms(0)));
    EXPECT_TRUE(clock.begun());
}

TEST(MediaClockTest, OneThatGivesNothingHoldsUpTheOtherForAMomentOnly) {
    MediaClock clock(false);
    clock.expect(Track::Video, MediaClock::Expected::Yes);
    clock.expect(Track::Audio, MediaClock::Expected::Perhaps);
    clock.run();
    EXPECT_TRUE(clock.waitFor(Track::Video, ms(0)));
}

TEST(MediaClockTest, ACancelledWaitReturnsAndSoDoAllUntilAllowed) {
    MediaClock clock(false);
    clock.expect(Track::Video, MediaClock::Expected::Yes);
    clock.run();
    EXPECT_TRUE(clock.waitFor(Track::Video, ms(0)));
    auto waits = waiter(clock, Track::Video, ms(3'600'000));
    clock.cancel(Track::Video);
    EXPECT_FALSE(waits.get());
    EXPECT_FALSE(clock.waitFor(Track::Video, ms(0)));
    clock.allow(Track::Video);
    EXPECT_TRUE(clock.waitFor(Track::Video, ms(0)));
}

TEST(MediaClockTest, ItStandsWhileNothingIsPlayed) {
    MediaClock clock(false);
    clock.expect(Track::Video, MediaClock::Expected::Yes);
    clock.run();
    ASSERT_TRUE(clock.waitFor(Track::Video, ms(30)));
    clock.stand();
    const auto at = clock.position();
    EXPECT_GE(at, ms(30));
    EXPECT_EQ(clock.position(), at);
    clock.run();
    const auto due = clock.waitFor(Track::Video, at);
    ASSERT_TRUE(due);
    EXPECT_GE(clock.position(), at);
}

TEST(MediaClockTest, WhatWasMissedIsNotMadeUpFor) {
    MediaClock clock(false);
    clock.expect(Track::Video, MediaClock::Expected::Yes);
    clock.run();
    const auto first = clock.waitFor(Track::Video, ms(0));
    clock.postpone(ms(70));
    const auto second = clock.waitFor(Track::Video, ms(10));
    ASSERT_TRUE(first && second);
    EXPECT_EQ(*second - *first, ms(80));
}

TEST(MediaClockTest, ALiveClockStandsUntilItsSenderIsKnown) {
    MediaClock clock(true);
    clock.run();
    auto picture = waiter(clock, Track::Video, ms(5000));
    const auto at = now();
    clock.beginLive(ms(5000), at);
    EXPECT_EQ(picture.get(), at);
    EXPECT_EQ(clock.rate(), 1);
}

}  // namespace
}  // namespace livepusher::capture
