// SPDX-License-Identifier: MIT
#include "playback/playout.hpp"

#include <gtest/gtest.h>

namespace livepusher::playback {
namespace {

using namespace std::chrono_literals;
using News = Playout::News;

constexpr auto kPictures = Packet::Track::Video, kSound = Packet::Track::Audio;

/// A player whose packets come by hand and whose playhead follows the orders.
class Player {
public:
    explicit Player(const DelaySettings& settings = {}) : playout(settings) {}
    Playout playout;
    Timestamp now{50s}, playhead{};
    Playout::Orders orders;

    News tick(Timestamp step = 10ms) {
        now += step;
        if (orders.running) playhead += Timestamp(static_cast<std::int64_t>(static_cast<double>(step.count()) * orders.speed));
        orders = playout.tick(now, playhead);
        if (orders.from) playhead = *orders.from;
        return orders.news;
    }
    /// Media up to there, all of it now.
    void arrive(Packet::Track track, Timestamp from, Timestamp to) {
        for (auto media = from; media <= to; media += 20ms) playout.packet(track, track == kSound || media == from, media, now);
    }
    /// The first news within that time.
    News wait(Timestamp most) {
        for (const auto end = now + most; now < end;)
            if (const auto news = tick(); news != News::None) return news;
        return News::None;
    }
};

TEST(Playout, NothingIsPlayedBeforeAnythingHasCome) {
    Player player;
    EXPECT_EQ(player.wait(5s), News::None);
    EXPECT_FALSE(player.orders.running);
}

TEST(Playout, PicturesWithoutAKeyFrameAreNoBeginning) {
    Player player;
    for (int n = 0; n < 100; ++n) {
        player.playout.packet(kPictures, false, n * 40ms, player.now);
        EXPECT_EQ(player.tick(40ms), News::None);
    }
}

TEST(Playout, TheOtherTrackIsWaitedForAndNotForever) {
    Player both;
    both.arrive(kPictures, 0s, 400ms);
    EXPECT_EQ(both.wait(1s), News::None) << "400 ms without sound";
    both.arrive(kSound, 0s, 400ms);
    EXPECT_EQ(both.wait(1s), News::Began);
    Player alone;
    alone.arrive(kPictures, 0s, 520ms);
    EXPECT_EQ(alone.wait(1s), News::Began);
}

TEST(Playout, BeginsSoThatTheTargetIsWhatIsLeft) {
    Player player;
    player.arrive(kPictures, 0s, 6s);
    player.arrive(kSound, 2s, 5900ms);
    EXPECT_EQ(player.wait(1s), News::Began);
    EXPECT_EQ(player.playhead, 5900ms - 1s);
    EXPECT_EQ(player.playout.skips(), 0) << "nothing was shown yet";
}

TEST(Playout, AShortStreamThatHasEndedIsPlayed) {
    Player player;
    player.arrive(kPictures, 0s, 100ms);
    EXPECT_EQ(player.wait(5s), News::None);
    player.playout.ending();
    EXPECT_EQ(player.wait(1s), News::Began);
    EXPECT_EQ(player.wait(1s), News::Stalled) << "and its end is told by the same word";
    EXPECT_EQ(player.playout.stalls(), 0) << "which is none";
}

TEST(Playout, AfterAStallItGoesOnWithHalfTheTargetOrAfterTwoSeconds) {
    Player player;
    player.arrive(kPictures, 0s, 1s);
    ASSERT_EQ(player.wait(1s), News::Began);
    ASSERT_EQ(player.wait(2s), News::Stalled);
    const auto stood = player.playhead;
    player.tick();
    EXPECT_GE(player.playout.target(), 1500ms);
    auto media = 1020ms;
    for (; player.tick() == News::None; media += 20ms) {
        player.playout.packet(kPictures, false, media, player.now);
        ASSERT_LT(media, 5s);
    }
    EXPECT_NEAR(static_cast<double>((media - stood).count()), static_cast<double>(player.playout.target().count()) / 2, 4e4);
    EXPECT_LE(player.playhead - stood, 10ms) << "nothing is left out";
    ASSERT_EQ(player.wait(5s), News::Stalled);
    player.arrive(kPictures, media, media + 80ms);
    const auto came = player.now;
    EXPECT_EQ(player.wait(5s), News::Began);
    EXPECT_NEAR(static_cast<double>((player.now - came).count()), 2e6, 3e4);
}

TEST(Playout, ATrackThatHasDiedIsNotWaitedFor) {
    Player player;
    player.arrive(kPictures, 0s, 1s);
    player.arrive(kSound, 0s, 1s);
    ASSERT_EQ(player.wait(1s), News::Began);
    for (auto media = 1020ms; media < 10s; media += 20ms) {
        player.playout.packet(kPictures, false, media, player.now);
        const auto news = player.tick(20ms);
        if (media > 3s) {
            EXPECT_EQ(news, News::None) << media.count();
            EXPECT_TRUE(player.orders.running) << media.count();
        }
    }
    EXPECT_LE(player.playout.stalls(), 1) << "one, until it is known that it has died";
}

TEST(Playout, APauseIsNoStallAndEndsWithTheNewest) {
    Player player;
    player.arrive(kPictures, 0s, 1s);
    ASSERT_EQ(player.wait(1s), News::Began);
    player.playout.setPaused(true);
    for (auto media = 1020ms; media < 30s; media += 20ms) {
        player.playout.packet(kPictures, false, media, player.now);
        EXPECT_EQ(player.tick(20ms), News::None);
        EXPECT_FALSE(player.orders.running);
    }
    player.playout.setPaused(false);
    EXPECT_EQ(player.tick(), News::Skipped);
    EXPECT_EQ(player.playhead, 29980ms - 1s);
    EXPECT_EQ(player.playout.stalls(), 0);
    EXPECT_EQ(player.playout.skips(), 1);
    EXPECT_GT(player.playout.skipped(), 27s);
}

TEST(Playout, ASkipThatIsAskedForIsDoneOnce) {
    Player player;
    player.arrive(kPictures, 0s, 1s);
    ASSERT_EQ(player.wait(1s), News::Began);
    player.arrive(kPictures, 1020ms, 2500ms);
    player.playout.skip();
    EXPECT_EQ(player.tick(), News::Skipped);
    EXPECT_EQ(player.playhead, 1500ms);
    EXPECT_EQ(player.wait(500ms), News::None);
}

}  // namespace
}  // namespace livepusher::playback
