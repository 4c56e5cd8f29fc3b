// SPDX-License-Identifier: MIT
// What is dropped, what is awaited, and the order in which packets go out.
#include "send_queue_case.hpp"

namespace livepusher::pipeline {

TEST(SendQueue, WhenTooMuchWaitsDeltasGoAndConfigKeyAndSoundStay) {
    Queue q(100ms);
    q.attach();
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

TEST(SendQueue, AnEncoderThatMakesAKeyFrameWheneverItIsAskedDoesNotFillIt) {
    Queue q(2s);
    q.attach();
    bool wanted = true;
    int keys = 0;
    for (auto t = 0ms; t < 60'000ms; t += 33ms) {  // nothing is taken out
        keys += wanted;
        wanted = q.push(video(wanted ? Kind::Key : Kind::Delta, t));
        q.push(audio(t));
        ASSERT_LE(q.counts().video, 62);
        ASSERT_LE(q.counts().span, 10'100ms) << "sound has a bound too";
    }
    EXPECT_LE(keys, 32) << "one in two seconds";
}

TEST(SendQueue, OfKeyFramesTheNewestStaysAndPicturesGoOnFromIt) {
    Queue q(100ms);
    q.attach();
    for (auto t = 0ms; t <= 100ms; t += 50ms) q.push(video(Kind::Key, t));
    EXPECT_FALSE(q.push(video(Kind::Key, 150ms))) << "it is one itself";
    EXPECT_EQ(q.counts().video, 1);
    EXPECT_FALSE(q.push(video(Kind::Delta, 160ms)));
    EXPECT_EQ(q.counts().video, 2);
    EXPECT_EQ(q.pop()->dts, 150ms);
}

TEST(SendQueue, WithoutAConnectionNothingOlderThanTheLimitIsKept) {
    Queue q(100ms);
    q.push(video(Kind::Config, 0ms));
    for (auto t = 0ms; t < 10'000ms; t += 10ms) {
        q.push(audio(t));
        q.push(video(t % 1000ms == 0ms ? Kind::Key : Kind::Delta, t));
    }
    EXPECT_LE(q.counts().span, 100ms);
    const auto preamble = q.attach(50ms);
    EXPECT_TRUE(preamble->wantKey);
    ASSERT_EQ(preamble->configs.size(), 1U);
    EXPECT_EQ(preamble->configs[0].kind, Kind::Config);
}

TEST(SendQueue, FinishDrainsAndCloseForgets) {
    Queue q(2s);
    q.attach();
    q.push(audio(0ms));
    q.finish();
    EXPECT_FALSE(q.ended());
    EXPECT_FALSE(q.push(audio(1ms)));
    EXPECT_TRUE(q.pop());
    EXPECT_FALSE(q.pop());
    EXPECT_TRUE(q.ended());
    Queue other(2s);
    other.attach();
    other.push(audio(0ms));
    other.close();
    EXPECT_FALSE(other.pop());
}

TEST(SendQueue, TheConfigsOfAllTracksAwaitedGoFirst) {
    Queue q(2s);
    q.attach();
    q.expect(true, true);
    q.push({Track::Audio, Kind::Config, 0ms, 0ms, nullptr, nullptr});
    q.push(audio(0ms));
    EXPECT_FALSE(q.pop()) << "held";
    q.push(video(Kind::Config, 30ms));
    q.push(video(Kind::Key, 30ms));
    EXPECT_EQ(q.pop()->kind, Kind::Config);
    EXPECT_EQ(q.pop()->kind, Kind::Config);
    EXPECT_EQ(q.pop()->track, Track::Audio);
}

TEST(SendQueue, ATrackThatDoesNotComeIsNotAwaitedForLong) {
    Queue q(2s);
    q.attach();
    q.expect(true, true);
    q.push({Track::Audio, Kind::Config, 0ms, 0ms, nullptr, nullptr});
    for (auto t = 0ms; t <= 500ms; t += 20ms) q.push(audio(t));
    EXPECT_EQ(q.pop()->kind, Kind::Config);
    Queue ending(2s);
    ending.attach();
    ending.expect(true, true);
    ending.push(audio(0ms));
    ending.finish();
    EXPECT_TRUE(ending.pop()) << "what is there goes out at the end";
}

TEST(SendQueue, WakesWhoFoundNothingWhenThereMayBeSomething) {
    const struct {
        const char* what;
        void (*change)(Queue&);
        bool ends;
    } cases[] = {
        {"a packet", [](Queue& q) { q.push(audio(0ms)); }, false},
        {"the end", [](Queue& q) { q.finish(); }, true},
        {"the very end", [](Queue& q) { q.close(); }, true},
        {"sources that are open", [](Queue& q) { q.sourcesOpen(); }, false},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        Queue q(2s);
        q.attach();
        EXPECT_FALSE(q.pop());
        EXPECT_FALSE(q.outlet.wake().signalled());
        c.change(q);
        EXPECT_TRUE(q.outlet.wake().signalled());
        EXPECT_EQ(q.ended(), c.ends);
        (void)q.pop();
        (void)q.pop();
        if (!c.ends) {
            EXPECT_FALSE(q.outlet.wake().signalled()) << "who waits again has heard it";
        }
    }
}

TEST(SendQueue, AStreamBeginsWhenItsSourcesAreOpenAndNeverAfterItsEnd) {
    Queue q(2s);
    q.awaitSources();
    EXPECT_FALSE(q.mayBegin(q.outlet));
    q.sourcesOpen();
    EXPECT_TRUE(q.outlet.wake().signalled());
    EXPECT_TRUE(q.mayBegin(q.outlet));

    Queue ending(2s);
    ending.awaitSources();
    ending.push(audio(0ms));
    EXPECT_FALSE(ending.mayBegin(ending.outlet));
    EXPECT_FALSE(ending.ended());
    ending.finish();
    EXPECT_TRUE(ending.outlet.wake().signalled());
    EXPECT_TRUE(ending.ended());
}

/// Interleaved, connected, and past the first packets of both tracks.
struct Interleaved : Queue {
    Interleaved() : Queue(100ms) {
        interleave();
        attach();
        push(video(Kind::Key, 0ms));
        push(audio(0ms));
        pop();
        pop();
    }
};

TEST(SendQueue, InterleavedTracksComeInTheOrderOfTheirTime) {
    Interleaved q;
    q.push(audio(20ms));
    q.push(audio(40ms));
    q.push(video(Kind::Delta, 33ms));
    q.push(video(Kind::Delta, 66ms));
    for (const auto at : {20ms, 33ms, 40ms}) EXPECT_EQ(q.pop()->dts, at);
}

TEST(SendQueue, WhatWaitsForItsTurnIsNoBacklogAndComesInTheEnd) {
    Interleaved q;
    q.push(audio(20ms));
    q.push(audio(40ms));
    EXPECT_EQ(q.counts().audio, 0);
    EXPECT_EQ(q.counts().span, 0ms);
    EXPECT_EQ(q.pop()->dts, 20ms) << "the other track has come to nothing in time";
    q.finish();
    EXPECT_FALSE(q.ended());
    EXPECT_EQ(q.pop()->dts, 40ms);
    EXPECT_TRUE(q.ended());
}

TEST(SendQueue, DeltasThatWaitedForTheirTurnGoWithThoseBeforeThem) {
    Interleaved q;
    for (auto t = 10ms; t <= 110ms; t += 10ms) {
        q.push(video(Kind::Delta, t));
        q.push(audio(t));
    }
    q.push(video(Kind::Delta, 120ms));
    EXPECT_TRUE(q.push(audio(120ms))) << "more than the limit waits";
    EXPECT_EQ(q.counts().video, 0);
    q.push(video(Kind::Key, 130ms));
    q.push(audio(130ms));
    std::vector<Timestamp> pictures;
    for (int i = 0; i < 14; ++i)
        if (const auto packet = q.pop(); packet->track == Track::Video) pictures.push_back(packet->dts);
    EXPECT_EQ(pictures, (std::vector<Timestamp>{130ms}));
}

TEST(SendQueue, ALateFirstPictureComesBeforeTheSoundThatWaitedForIt) {
    Queue q(2s);
    q.expect(true, true);
    q.interleave();
    q.attach();
    q.push({Track::Audio, Kind::Config, 0ms, 0ms, nullptr, nullptr});
    for (const auto at : {100ms, 121ms, 143ms}) q.push(audio(at));
    q.push(video(Kind::Config, 166ms));
    q.push(video(Kind::Key, 110ms));
    std::vector<std::pair<Track, Timestamp>> media;
    for (int i = 0; i < 6; ++i)
        if (const auto packet = q.pop(); packet->kind != Kind::Config) media.emplace_back(packet->track, packet->dts);
    EXPECT_EQ(media, (std::vector<std::pair<Track, Timestamp>>{
                         {Track::Audio, 100ms}, {Track::Video, 110ms}, {Track::Audio, 121ms}, {Track::Audio, 143ms}}));
}

TEST(SendQueue, ATrackThatIsExpectedAnewBeginsWithItsNextConfig) {
    for (const bool ordered : {false, true}) {
        Queue q(2s);
        if (ordered) q.interleave();
        q.attach();
        q.push(video(Kind::Config, 0ms));
        q.push({Track::Audio, Kind::Config, 0ms, 0ms, nullptr, nullptr});
        q.push(video(Kind::Key, 0ms));
        while (q.pop()) continue;
        q.detach();
        q.push(video(Kind::Delta, 20ms));
        q.push(audio(20ms));
        q.expectAnew(Track::Audio);
        q.push(audio(40ms));  // of the encoder of before
        q.push(video(Kind::Key, 40ms));
        EXPECT_EQ(q.attach()->configs.size(), 1U) << "the pictures'";
        EXPECT_FALSE(q.pop()) << "the other is waited for";
        q.push({Track::Audio, Kind::Config, 60ms, 60ms, nullptr, nullptr});
        q.push(audio(60ms));
        std::vector<Timestamp> sound;
        bool config = false;
        while (const auto packet = q.pop()) {
            if (packet->track != Track::Audio) continue;
            if (packet->kind == Kind::Config)
                config = true;
            else
                sound.push_back(packet->pts);
        }
        EXPECT_TRUE(config);
        EXPECT_EQ(sound, std::vector{Timestamp(60ms)});
    }
}

}  // namespace livepusher::pipeline
