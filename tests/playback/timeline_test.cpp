// SPDX-License-Identifier: MIT
#include "playback/timeline.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>

namespace livepusher::playback {
namespace {

using namespace std::chrono_literals;

constexpr auto kVideo = Packet::Track::Video, kAudio = Packet::Track::Audio;

/// A stream of both tracks, each with its own count, at its moments.
class Sender {
public:
    Timeline timeline;
    Timestamp now{100s};
    std::int64_t video = 0, audio = 0;  ///< ms, as the stream counts

    Timeline::Place picture() { return timeline.place(kVideo, wrapped(video), wrapped(video), now); }
    Timeline::Place sound() { return timeline.place(kAudio, wrapped(audio), wrapped(audio), now); }
    /// Both tracks, in steps of 20 ms, to the end of that time. Answers with the last picture's place.
    Timeline::Place run(Timestamp length) {
        Timeline::Place last;
        for (Timestamp t{}; t < length; t += 20ms) {
            pass(20ms);
            last = picture();
            sound();
        }
        return last;
    }
    void pass(Timestamp time) {
        now += time;
        video += time / 1ms;
        audio += time / 1ms;
    }
    static Timestamp wrapped(std::int64_t ms) { return Timestamp((ms & 0xFFFFFFFF) * 1000); }
};

TEST(PlaybackTimeline, BeginsAtZeroWhereverTheStreamDoes) {
    Sender sender;
    sender.video = sender.audio = 7'000'000;
    EXPECT_EQ(sender.picture().dts, 0s);
    EXPECT_EQ(sender.sound().dts, 0s);
    EXPECT_EQ(sender.run(2s).dts, 2s);
    EXPECT_EQ(sender.timeline.leaps(), 0);
}

TEST(PlaybackTimeline, PicturesKeepTheOrderTheyAreShownIn) {
    Timeline timeline;
    timeline.place(kVideo, 0ms, 80ms, 1s);
    const auto place = timeline.place(kVideo, 40ms, 200ms, 1s);
    EXPECT_EQ(place.dts, 40ms);
    EXPECT_EQ(place.pts, 200ms);
    const auto wild = timeline.place(kVideo, 80ms, 5h, 1s);
    EXPECT_LE(wild.pts, 80ms + 10s) << "no picture is waited for so long";
}

TEST(PlaybackTimeline, TheCountOf32BitsTurnsOver) {
    Sender sender;
    sender.video = sender.audio = 0xFFFFFFFF - 1000;
    const auto first = sender.picture().dts;
    EXPECT_EQ(sender.run(3s).dts - first, 3s);
    EXPECT_EQ(sender.timeline.leaps(), 0);
}

TEST(PlaybackTimeline, SmallStepsBackAreClipped) {
    Timeline timeline;
    timeline.place(kVideo, 0ms, 0ms, 0s);
    timeline.place(kVideo, 1000ms, 1000ms, 1s);
    EXPECT_EQ(timeline.place(kVideo, 300ms, 340ms, 1s).dts, 1000ms);
    EXPECT_EQ(timeline.place(kVideo, 1040ms, 1040ms, 1s).dts, 1040ms);
    EXPECT_EQ(timeline.leaps(), 0);
}

TEST(PlaybackTimeline, ALeapGoesOnWhereArrivalSaysAndTheOtherTrackFollows) {
    for (const std::int64_t by : {3'600'000LL, -60'000LL, 2'500LL, -1'600LL}) {
        Sender sender;
        sender.picture();
        sender.sound();
        const auto before = sender.run(100s).dts;
        sender.pass(500ms);
        sender.video += by;
        const auto leapt = sender.picture();
        EXPECT_TRUE(leapt.leapt) << by;
        EXPECT_EQ(leapt.dts - before, 500ms) << by;
        // Sound that was under way still belongs to the old count.
        EXPECT_EQ(sender.sound().dts - before, 500ms) << by;
        sender.pass(20ms);
        sender.audio += by;
        const auto sound = sender.sound();
        EXPECT_FALSE(sound.leapt) << by;
        EXPECT_EQ(sound.dts - before, 520ms) << by << ": picture and sound still belong together";
        EXPECT_EQ(sender.run(2s).dts - before, 2520ms) << by;
        EXPECT_EQ(sender.timeline.leaps(), 1) << by;
    }
}

TEST(PlaybackTimeline, ATrackThatLeapsAloneLeavesTheOtherWhereItIs) {
    Sender sender;
    sender.picture();
    sender.sound();
    const auto before = sender.run(10s).dts;
    sender.video += 30'000;
    EXPECT_EQ(sender.run(5s).dts - before, 5s);
    EXPECT_EQ(sender.sound().dts - before, 5s);
    EXPECT_EQ(sender.timeline.leaps(), 1);
}

TEST(PlaybackTimeline, AHoleInOneTrackStaysAHole) {
    Sender sender;
    sender.picture();
    sender.sound();
    const auto before = sender.run(1s).dts;
    for (int n = 0; n < 400; ++n) {
        sender.pass(20ms);
        sender.sound();
    }
    const auto after = sender.picture();
    EXPECT_EQ(after.dts - before, 8s);
    EXPECT_FALSE(after.leapt);
}

TEST(PlaybackTimeline, OneWrongStampChangesNothingAfterIt) {
    Sender sender;
    sender.picture();
    sender.sound();
    const auto before = sender.run(1s).dts;
    sender.video += 1'000'000;
    const auto wrong = sender.picture().dts;
    EXPECT_LE(wrong - before, 20ms);
    sender.video -= 1'000'000;
    EXPECT_EQ(sender.run(1s).dts - before, 1s);
}

TEST(PlaybackTimeline, AfterAReconnectWhatCameBeforeIsKnown) {
    Sender sender;
    sender.picture();
    sender.sound();
    const auto before = sender.run(10s).dts;
    sender.timeline.reconnected();
    sender.timeline.began();
    sender.now += 2s;
    sender.video -= 4'000;  // the server sends its last four seconds again
    sender.audio -= 4'000;
    for (int n = 0; n < 200; ++n) {
        const auto place = sender.picture();
        EXPECT_TRUE(place.known) << n;
        EXPECT_TRUE(sender.sound().known) << n;
        EXPECT_EQ(place.dts, before - 4s + 20ms * n);
        sender.video += 20;
        sender.audio += 20;
    }
    EXPECT_TRUE(sender.picture().known);
    sender.video += 20;
    const auto fresh = sender.picture();
    EXPECT_FALSE(fresh.known);
    EXPECT_EQ(fresh.dts, before + 20ms);
    EXPECT_EQ(sender.timeline.leaps(), 0);
}

TEST(PlaybackTimeline, AfterAReconnectAHoleOfTheStreamIsNoLeap) {
    Sender sender;
    sender.picture();
    const auto before = sender.picture().dts;
    sender.timeline.reconnected();
    sender.pass(40s);
    EXPECT_EQ(sender.picture().dts - before, 40s);
    EXPECT_EQ(sender.timeline.leaps(), 0);
}

TEST(PlaybackTimeline, AfterAReconnectToAnotherStreamNothingIsKnown) {
    Sender sender;
    sender.picture();
    const auto before = sender.run(10s).dts;
    sender.timeline.reconnected();
    sender.timeline.configChanged(kVideo);
    sender.now += 1s;
    sender.video -= 9'000;
    const auto place = sender.picture();
    EXPECT_FALSE(place.known);
    EXPECT_EQ(place.dts - before, 1s);
}

TEST(PlaybackTimeline, APublisherThatComesBackWithTimeZeroGoesOn) {
    Sender sender;
    sender.picture();
    sender.sound();
    const auto before = sender.run(600ms).dts;
    sender.timeline.began();
    sender.now += 3s;
    sender.video = sender.audio = 0;
    EXPECT_EQ(sender.picture().dts - before, 3s) << "not clipped for 600 ms";
    EXPECT_EQ(sender.sound().dts - before, 3s);
}

TEST(PlaybackTimeline, StampsOfAnEnemyKeepMediaNearArrival) {
    std::mt19937 random(5);
    std::uniform_int_distribution<std::int64_t> any(0, 0xFFFFFFFF);
    Timeline timeline;
    Timestamp now{1s}, last[2]{};
    timeline.place(kVideo, 0s, 0s, now);
    for (int n = 0; n < 20'000; ++n) {
        now += 1ms;
        const auto track = n % 3 == 0 ? kAudio : kVideo;
        if (n % 1000 == 0) timeline.reconnected();
        if (n % 700 == 0) timeline.began();
        const auto place = timeline.place(track, Timestamp(any(random) * 1000), Timestamp(any(random) * 1000), now);
        if (!place.known) {
            EXPECT_GE(place.dts, last[track == kVideo]) << n;
            last[track == kVideo] = place.dts;
        }
        EXPECT_LE(place.dts, 25h) << n;
    }
}

}  // namespace
}  // namespace livepusher::playback
