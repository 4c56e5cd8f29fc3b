// SPDX-License-Identifier: MIT
// Pictures that come coded already.
#include "session_case.hpp"

#include <array>
#include <future>

namespace livepusher::testing {

class PacketLaneTest : public SessionTest {
protected:
    pipeline::Stages codedStages() {
        auto stages = fakeStages(scene_);
        stages.sources = [this](const Sources&, const Properties&) -> Result<capture::SourcePair> {
            return capture::SourcePair{nullptr, std::make_unique<FakeMicrophone>(scene_), capture::SourceKind::Coded,
                                       capture::SourceKind::Microphone, std::make_unique<FakeCoded>(scene_)};
        };
        return stages;
    }
    ContextOptions codedOptions() {
        auto o = options(scene_);
        o.sources.video = "coded";
        return o;
    }
    std::string refusal(LivePusherContext& context, void (LivePusherContext::*method)(CallOptions)) {
        std::promise<std::string> told;
        (context.*method)({.complete = [&](const MethodResult& r) { told.set_value(r.errMsg); }});
        return told.get_future().get();
    }
};

TEST_F(PacketLaneTest, GoOutFromTheFirstKeyFrameOnWithNoEncoder) {
    LivePusherContext context(codedOptions(), codedStages());
    start(context);
    ASSERT_TRUE(journal().await("video delta", 12));
    std::vector<std::string> video;
    for (const auto& what : journal().all())
        if (what.starts_with("video ")) video.push_back(what);
    ASSERT_GE(video.size(), 12U);
    EXPECT_EQ(video[0], "video config");
    EXPECT_EQ(video[1], "video key");
    EXPECT_EQ(std::ranges::count(video, "video config"), 1);
    EXPECT_TRUE(journal().await("1003"));
    EXPECT_TRUE(journal().await("1007"));
    EXPECT_EQ(scene_.framesEncoded, 0);
    EXPECT_EQ(context.netStatus().videoPreset, "");
}

TEST_F(PacketLaneTest, AnotherCodecThanThePropertysFailsThePushAndSaysWhatToSet) {
    auto o = codedOptions();
    o.properties.url = "film.flv";
    o.properties.videoCodec = VideoCodec::hevc;
    o.handlers.onError = [this](const ErrorEvent& e) { journal().note(e.errMsg); };
    LivePusherContext context(std::move(o), codedStages());
    context.start(noting(scene_, "start"));
    EXPECT_TRUE(journal().await("the coded pictures are H.264: set videoCodec=h264"));
    EXPECT_TRUE(journal().await("start:complete"));
    context.stop(noting(scene_, "stop"));
    EXPECT_TRUE(journal().await("stop:ok"));
    EXPECT_EQ(journal().seen("video key"), 0U);
}

TEST_F(PacketLaneTest, WithoutMemoryForThemThePushFailsAndTheProcessLives) {
    scene_.onCameraStart = [](const std::atomic<bool>&) { throw std::bad_alloc(); };
    auto o = codedOptions();
    o.handlers.onError = [this](const ErrorEvent& e) { journal().note(e.errMsg); };
    LivePusherContext context(std::move(o), codedStages());
    context.start(noting(scene_, "start"));
    EXPECT_TRUE(journal().await("out of memory"));
    context.stop(noting(scene_, "stop"));
    EXPECT_TRUE(journal().await("stop:ok"));
}

TEST_F(PacketLaneTest, ReconnectsWithTheirConfigAndAKeyFrame) {
    LivePusherContext context(codedOptions(), codedStages());
    start(context);
    ASSERT_TRUE(journal().await("video delta"));
    journal().clear();
    scene_.breakConnection({Code::TransferFailed, "reset"});
    ASSERT_TRUE(journal().await("1002"));
    ASSERT_TRUE(journal().await("video delta"));
    for (const auto& what : journal().all()) {
        if (!what.starts_with("video ")) continue;
        EXPECT_EQ(what, "video config");
        break;
    }
}

TEST_F(PacketLaneTest, PauseAndResumeAndAnotherPushBeginWithAKeyFrame) {
    LivePusherContext context(codedOptions(), codedStages());
    start(context);
    ASSERT_TRUE(journal().await("video delta"));
    context.pause(noting(scene_, "pause"));
    ASSERT_TRUE(journal().await("pause:ok"));
    context.resume();
    context.stop(noting(scene_, "stop"));
    ASSERT_TRUE(journal().await("stop:ok"));
    journal().clear();
    start(context);
    ASSERT_TRUE(journal().await("video delta"));
    std::vector<std::string> video;
    for (const auto& what : journal().all())
        if (what.starts_with("video ")) video.push_back(what);
    EXPECT_EQ(video[0], "video config");
    EXPECT_EQ(video[1], "video key");
}

TEST_F(PacketLaneTest, WhatNeedsTheirPixelsIsRefusedAndSaysWhy) {
    LivePusherContext context(codedOptions(), codedStages());
    EXPECT_NE(refusal(context, &LivePusherContext::startPreview).find("not decoded"), std::string::npos);
    start(context);
    ASSERT_TRUE(journal().await("video delta"));
    EXPECT_NE(refusal(context, &LivePusherContext::toggleTorch).find("no camera is open"), std::string::npos);
    std::promise<std::string> snapshot, message;
    context.snapshot({.fail = [&](const MethodResult& r) { snapshot.set_value(r.errMsg); }});
    context.sendMessage({.msg = "hello", .fail = [&](const MethodResult& r) { message.set_value(r.errMsg); }});
    EXPECT_NE(snapshot.get_future().get().find("not decoded"), std::string::npos);
    EXPECT_NE(message.get_future().get().find("as it is"), std::string::npos);
    EXPECT_EQ(context.state(), State::Pushing);
}

TEST_F(PacketLaneTest, OnlyTheirSourceTakesThem) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    start(context);
    const std::array<std::uint8_t, 4> unit{};
    const auto pushed = context.pushCodedVideo({.data = unit});
    ASSERT_FALSE(pushed);
    EXPECT_EQ(pushed.error().code, Code::InvalidState);
    EXPECT_NE(pushed.error().message.find("\"coded\""), std::string::npos);
}

}  // namespace livepusher::testing
