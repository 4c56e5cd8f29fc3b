// SPDX-License-Identifier: MIT
// Sources that can't come back: what becomes of a push when they end or break off.
#include "session_case.hpp"

#include <optional>

namespace livepusher::testing {
namespace {

using capture::SourceKind;

const Error kBroken{Code::SourceFailed, "film: read error"};
const Error kTorn{Code::SourceFailed, "sound: read error"};

class SourceFailureTest : public SessionTest {
protected:
    LivePusherContext& make(SourceKind video = SourceKind::Raw, SourceKind audio = SourceKind::Pcm, Sources sources = {}) {
        auto stages = fakeStages(scene_);
        stages.sources = [this, video, audio](const Sources&, const Properties&) -> Result<capture::SourcePair> {
            return capture::SourcePair{std::make_unique<FakeCamera>(scene_), std::make_unique<FakeMicrophone>(scene_), video,
                                       audio};
        };
        auto o = options(scene_);
        o.sources = std::move(sources);
        o.onSourceEnded = [this] { journal().note("ended"); };
        context_.emplace(std::move(o), std::move(stages));
        return *context_;
    }
    LivePusherContext& makeOfOneFile() {
        return make(SourceKind::File, SourceKind::File, {.video = "file:film.mp4", .audio = "file:film.mp4"});
    }
    /// Started, with picture and sound.
    LivePusherContext& running(LivePusherContext& context) {
        start(context);
        EXPECT_TRUE(journal().await("video delta"));
        EXPECT_TRUE(journal().await("sound"));
        return context;
    }
    /// What was posted to the event thread until now has been told.
    void settle() {
        static int count = 0;
        const auto what = "settled " + std::to_string(++count);
        context_->setMICVolume({.volume = 1, .complete = [this, what](const MethodResult&) { journal().note(what); }});
        ASSERT_TRUE(journal().await(what));
    }
    /// The push has ended by itself, in order, and said so.
    void expectOver(std::size_t failures) {
        EXPECT_TRUE(journal().await("closed"));
        settle();
        EXPECT_EQ(context_->state(), State::Idle);
        EXPECT_EQ(journal().seen("cancelled"), 0U);
        EXPECT_EQ(journal().seen("error 20005"), failures);
        EXPECT_EQ(journal().seen("ended"), 0U);
        EXPECT_EQ(scene_.liveSources, 0);
    }
    void expectGoesOn() {
        settle();
        EXPECT_EQ(context_->state(), State::Pushing);
        EXPECT_EQ(journal().seen("closed"), 0U);
    }

    std::optional<LivePusherContext> context_;
};

TEST_F(SourceFailureTest, WhenBothHaveBrokenOffThePushEnds) {
    running(make());
    scene_.failCamera(kBroken);
    ASSERT_TRUE(journal().await("error 20005"));
    expectGoesOn();
    scene_.failMicrophone(kTorn);
    expectOver(2);
}

TEST_F(SourceFailureTest, BothEndsOfOneFileTellOneFailure) {
    running(makeOfOneFile());
    scene_.failCamera(kBroken);
    scene_.failMicrophone(kBroken);
    expectOver(1);
}

TEST_F(SourceFailureTest, OneAloneLeavesThePushToTheOther) {
    running(make());
    scene_.failCamera(kBroken);
    ASSERT_TRUE(journal().await("error 20005"));
    const auto frames = scene_.framesEncoded.load();
    const auto sounds = journal().seen("sound");
    EXPECT_TRUE(journal().await("sound", sounds + 100));  // two seconds
    EXPECT_GT(scene_.framesEncoded, frames) << "the last picture stands in";
    expectGoesOn();
}

TEST_F(SourceFailureTest, SilenceStandsInForSoundThatBrokeOff) {
    running(make());
    scene_.failMicrophone(kTorn);
    EXPECT_TRUE(journal().await("silence", 20));
    expectGoesOn();
    EXPECT_EQ(journal().seen("error 20005"), 1U);
}

TEST_F(SourceFailureTest, APictureThatBreaksOffAfterTheSoundHasEndedEndsThePush) {
    running(make());
    scene_.endMicrophone();
    expectGoesOn();
    scene_.failCamera(kBroken);
    expectOver(1);
}

TEST_F(SourceFailureTest, ASoundThatEndsAfterThePictureBrokeOffEndsThePush) {
    running(make());
    scene_.failCamera(kBroken);
    scene_.endMicrophone();
    expectOver(1);
}

TEST_F(SourceFailureTest, AProperEndIsTheApplicationsAffair) {
    running(make());
    scene_.endCamera();
    scene_.endMicrophone();
    ASSERT_TRUE(journal().await("ended"));
    expectGoesOn();
    EXPECT_EQ(journal().seen("error 20005"), 0U);
}

TEST_F(SourceFailureTest, DevicesNeverCount) {
    running(make(SourceKind::Camera, SourceKind::Pcm));
    scene_.failMicrophone(kTorn);
    scene_.failCamera({Code::CameraFailed, "unplugged"});
    ASSERT_TRUE(journal().await("-1301"));
    expectGoesOn();
}

TEST_F(SourceFailureTest, WhatBrokeOffIsNotOpenedAgainAfterAPause) {
    auto& context = running(make());
    scene_.failCamera(kBroken);
    ASSERT_TRUE(journal().await("error 20005"));
    context.pause();
    context.resume(noting(scene_, "resume"));
    ASSERT_TRUE(journal().await("resume:ok"));
    const auto sounds = journal().seen("sound");
    EXPECT_TRUE(journal().await("sound", sounds + 5));
    EXPECT_FALSE(scene_.cameraGives);
    scene_.failMicrophone(kTorn);
    expectOver(2);
}

TEST_F(SourceFailureTest, WhatCantBeOpenedAgainAfterAPauseHasBrokenOff) {
    auto& context = running(make());
    context.pause(noting(scene_, "pause"));
    ASSERT_TRUE(journal().await("pause:ok"));
    while (scene_.liveSources > 0) std::this_thread::yield();
    scene_.cameraError = kBroken;
    scene_.microphoneError = kTorn;
    context.resume();
    expectOver(2);
}

TEST_F(SourceFailureTest, APushThatReconnectsEndsToo) {
    auto& context = running(make());
    scene_.onOpen = [](int, const std::atomic<bool>& cancelled) -> Result<void> {
        while (!cancelled) std::this_thread::yield();
        return Error{Code::Cancelled, "cancelled"};
    };
    scene_.breakConnection({Code::TransferFailed, "reset"});
    ASSERT_TRUE(journal().await("1102"));
    scene_.failCamera(kBroken);
    scene_.failMicrophone(kTorn);
    ASSERT_TRUE(journal().await("error 20005", 2));
    settle();
    EXPECT_EQ(context.state(), State::Idle);
}

TEST_F(SourceFailureTest, AStartThatStillConnectsFailsWithTheCause) {
    scene_.onOpen = [](int, const std::atomic<bool>& cancelled) -> Result<void> {
        while (!cancelled) std::this_thread::yield();
        return Error{Code::Cancelled, "cancelled"};
    };
    auto& context = makeOfOneFile();
    context.start(noting(scene_, "start"));
    ASSERT_TRUE(journal().await("1007"));
    ASSERT_TRUE(journal().await("1008", 2));
    while (scene_.liveSources < 2) std::this_thread::yield();
    settle();
    scene_.failCamera(kBroken);
    scene_.failMicrophone(kBroken);
    EXPECT_TRUE(journal().await("start:fail 20005"));
    EXPECT_EQ(journal().seen("error 20005"), 1U);
    EXPECT_EQ(context.state(), State::Idle);
}

TEST_F(SourceFailureTest, APreviewOfDeadSourcesEnds) {
    auto& context = makeOfOneFile();
    context.startPreview(noting(scene_, "preview"));
    ASSERT_TRUE(journal().await("preview:ok"));
    scene_.failCamera(kBroken);
    scene_.failMicrophone(kBroken);
    const auto late = now() + 10s;
    while (context.state() != State::Idle && now() < late) std::this_thread::yield();
    EXPECT_EQ(context.state(), State::Idle);
    settle();
    EXPECT_EQ(journal().seen("error 20005"), 1U);
}

TEST_F(SourceFailureTest, AStartAfterAPreviewOpensWhatBrokeOffAnew) {
    auto& context = make();
    context.startPreview(noting(scene_, "preview"));
    ASSERT_TRUE(journal().await("preview:ok"));
    scene_.failCamera(kBroken);
    ASSERT_TRUE(journal().await("error 20005"));
    running(context);
    EXPECT_TRUE(scene_.cameraGives);
}

}  // namespace
}  // namespace livepusher::testing
