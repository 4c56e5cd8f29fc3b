// SPDX-License-Identifier: MIT
// Music, volumes and the microphone's level as an application sees them.
#include "session_case.hpp"

#include <cmath>
#include <limits>

namespace livepusher::testing {
namespace {

class BackgroundMusicTest : public SessionTest {
protected:
    LivePusherContext& context() {
        if (!context_) {
            auto o = options(scene_);
            o.handlers.onBgmStart = [this] { journal().note("bgmstart"); };
            o.handlers.onBgmComplete = [this] { journal().note("bgmcomplete"); };
            o.handlers.onBgmProgress = [this](const BgmProgressEvent& e) {
                journal().note("bgmprogress");
                duration_ = e.duration;
            };
            o.handlers.onAudioVolumeNotify = [this](int level) { journal().note("level " + std::to_string(level)); };
            context_ = std::make_unique<LivePusherContext>(std::move(o), fakeStages(scene_));
        }
        return *context_;
    }
    LivePusherContext& pushing() {
        start(context());
        return context();
    }
    void play(const char* url, bool loop = false) {
        auto o = noting(scene_, "play");
        context().playBGM({.url = url, .loop = loop, .success = o.success, .fail = o.fail, .complete = o.complete});
    }

    std::atomic<std::int64_t> duration_{0};
    std::unique_ptr<LivePusherContext> context_;
};

}  // namespace

TEST_F(BackgroundMusicTest, APieceStartsIsTellingHowFarItIsAndEnds) {
    pushing();
    play("music.mp3");
    ASSERT_TRUE(journal().await("bgmcomplete"));
    EXPECT_EQ(journal().seen("play:ok"), 1U);
    EXPECT_EQ(journal().seen("bgmstart"), 1U);
    EXPECT_GE(journal().seen("bgmprogress"), 1U);
    EXPECT_EQ(duration_, 500);
    context().pauseBGM(noting(scene_, "pause"));
    EXPECT_TRUE(journal().await("pause:fail 20002")) << "it is over";
}

TEST_F(BackgroundMusicTest, ALoopGoesOnUntilItIsStoppedWithoutBgmcomplete) {
    pushing();
    play("music.mp3", true);
    ASSERT_TRUE(journal().await("bgmprogress", 4));
    context().stopBGM(noting(scene_, "stop"));
    ASSERT_TRUE(journal().await("stop:ok"));
    EXPECT_EQ(journal().seen("bgmcomplete"), 0U);
    context_.reset();
    EXPECT_EQ(scene_.liveMusic, 0);
}

TEST_F(BackgroundMusicTest, OneThatCantBeLoadedFailsAndThePushAndWhatPlaysGoOn) {
    pushing();
    play("music.mp3", true);
    ASSERT_TRUE(journal().await("bgmstart"));
    play("missing");
    ASSERT_TRUE(journal().await("play:fail 10003"));
    EXPECT_EQ(journal().seen("error 10003"), 1U);
    EXPECT_EQ(journal().seen("10003"), 1U);
    const auto before = journal().seen("bgmprogress");
    EXPECT_TRUE(journal().await("bgmprogress", before + 2));
    EXPECT_EQ(context().state(), State::Pushing);
}

TEST_F(BackgroundMusicTest, OneThatBreaksOffEndsWith10003AndNoBgmcomplete) {
    pushing();
    play("breaks");
    ASSERT_TRUE(journal().await("error 10003"));
    context().playBGM({.url = "music.mp3"});
    ASSERT_TRUE(journal().await("bgmcomplete"));
    EXPECT_EQ(journal().seen("bgmcomplete"), 1U) << "the second's";
}

TEST_F(BackgroundMusicTest, AnotherPieceTakesItsPlaceOnceItIsLoaded) {
    pushing();
    play("music.mp3", true);
    ASSERT_TRUE(journal().await("bgmstart"));
    play("slow");
    const auto before = journal().seen("bgmprogress");
    ASSERT_TRUE(journal().await("bgmprogress", before + 1)) << "the first goes on meanwhile";
    play("song.ogg");
    ASSERT_TRUE(journal().await("play:fail 20004"));
    ASSERT_TRUE(journal().await("bgmstart", 2));
    EXPECT_TRUE(journal().await("bgmcomplete"));
}

TEST_F(BackgroundMusicTest, WhatIsWantedWhileItIsLoadedHoldsThen) {
    pushing();
    play("music.mp3");
    context().pauseBGM(noting(scene_, "pause"));
    context().seekBGM({.position = 400, .success = noting(scene_, "seek").success});
    ASSERT_TRUE(journal().await("seek:ok"));
    EXPECT_EQ(journal().seen("bgmstart"), 0U);
    context().resumeBGM(noting(scene_, "resume"));
    ASSERT_TRUE(journal().await("bgmcomplete"));
    EXPECT_EQ(journal().seen("resume:ok"), 1U);
}

TEST_F(BackgroundMusicTest, WhereThePieceCantBeSoughtInTheSeekFails) {
    pushing();
    play("live", true);
    context().seekBGM({.position = 100, .fail = noting(scene_, "seek").fail});
    EXPECT_TRUE(journal().await("seek:fail 10003"));
    context().seekBGM({.position = -1, .fail = noting(scene_, "back").fail});
    EXPECT_TRUE(journal().await("back:fail 20001"));
}

TEST_F(BackgroundMusicTest, ItPausesAndResumesWithThePush) {
    pushing();
    play("music.mp3", true);
    ASSERT_TRUE(journal().await("bgmstart"));
    ASSERT_TRUE(journal().await("sound"));
    context().pause(noting(scene_, "pause"));
    ASSERT_TRUE(journal().await("pause:ok"));
    journal().clear();
    ASSERT_TRUE(journal().await("silence", 10));
    journal().clear();
    ASSERT_TRUE(journal().await("silence", 5));
    EXPECT_EQ(journal().seen("sound"), 0U);
    context().resume();
    EXPECT_TRUE(journal().await("sound"));
}

TEST_F(BackgroundMusicTest, ItIsHeardWhileTheMicrophoneIsMuted) {
    pushing();
    context().setProperty("muted", "true");
    play("music.mp3", true);
    ASSERT_TRUE(journal().await("bgmstart"));
    journal().clear();
    EXPECT_TRUE(journal().await("sound", 10));
}

TEST_F(BackgroundMusicTest, ItWaitsForThePushToBeLiveAndEndsWithIt) {
    std::atomic<bool> open{false};
    scene_.onOpen = [&](int, const std::atomic<bool>&) -> Result<void> {
        while (!open) std::this_thread::yield();
        return {};
    };
    context().start(noting(scene_, "start"));
    play("music.mp3");
    ASSERT_TRUE(journal().await("play:ok"));
    EXPECT_EQ(journal().seen("bgmstart"), 0U);
    open = true;
    ASSERT_TRUE(journal().await("bgmstart"));
    context().stop(noting(scene_, "stop"));
    ASSERT_TRUE(journal().await("stop:ok"));
    EXPECT_EQ(scene_.liveMusic, 0);
    play("music.mp3");
    EXPECT_TRUE(journal().await("play:fail 20002"));
}

TEST_F(BackgroundMusicTest, AVolumeIsANumberOrTextOf0To1) {
    auto& c = context();
    const auto set = [&](Volume volume, const std::string& name) {
        auto o = noting(scene_, name);
        c.setBGMVolume({.volume = volume, .success = o.success, .fail = o.fail});
        c.setMICVolume({.volume = volume, .success = o.success, .fail = o.fail});
    };
    set(0.5, "half");
    set("0.25", "text");
    set(1.01, "loud");
    set(-0.1, "less");
    set("much", "words");
    ASSERT_TRUE(journal().await("words:fail 20001", 2));
    EXPECT_EQ(journal().seen("half:ok"), 2U);
    EXPECT_EQ(journal().seen("text:ok"), 2U);
    EXPECT_EQ(journal().seen("loud:fail 20001"), 2U);
    EXPECT_EQ(journal().seen("less:fail 20001"), 2U);
}

TEST_F(BackgroundMusicTest, TheMicrophonesLevelIsToldWhileThePushIsLive) {
    context().setProperty("audioVolumeInterval", "100");
    pushing();
    EXPECT_TRUE(journal().await("level 50", 3));
}

}  // namespace livepusher::testing
