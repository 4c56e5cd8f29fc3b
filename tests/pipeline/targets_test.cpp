// SPDX-License-Identifier: MIT
#include "targets_case.hpp"

#include <set>

namespace livepusher::testing {

TEST_F(Targets, EachGetsTheStreamAndTellsOfItself) {
    auto& context = make(pushingTo({{.id = "second", .urls = {url("second")}}}));
    start(context);
    ASSERT_TRUE(journal().await("1002 main"));
    ASSERT_TRUE(journal().await("1002 second"));
    ASSERT_TRUE(journal().await("main key"));
    ASSERT_TRUE(journal().await("second key"));
    ASSERT_TRUE(journal().await("netstatus "));
    ASSERT_TRUE(journal().await("netstatus main"));
    ASSERT_TRUE(journal().await("netstatus second"));
    EXPECT_TRUE(context.netStatus("second"));
    EXPECT_FALSE(context.netStatus("third"));
}

TEST_F(Targets, OneTargetHasOneNetStatus) {
    start(make(pushingTo({})));
    ASSERT_TRUE(journal().await("netstatus ", 3));
    EXPECT_EQ(journal().seen("netstatus main"), 0U);
}

TEST_F(Targets, OneThatRefusesEndsNothing) {
    servers_.refuse("second", Error{Code::ServerClosed, "no such key", 0, true});
    auto& context = make(pushingTo({{.id = "second", .urls = {url("second")}}}));
    start(context);
    ASSERT_TRUE(journal().await("-1307 second"));
    EXPECT_EQ(journal().seen("start:ok"), 1U);
    ASSERT_TRUE(journal().await("main key", 2));
    EXPECT_EQ(context.state(), State::Pushing);
}

TEST_F(Targets, TheFirstMayGiveUpAsWell) {
    servers_.refuse("main", Error{Code::ServerClosed, "no such key", 0, true});
    auto& context = make(pushingTo({{.id = "second", .urls = {url("second")}}}));
    start(context);
    ASSERT_TRUE(journal().await("-1307 main"));
    ASSERT_TRUE(journal().await("second key", 2));
    EXPECT_EQ(context.state(), State::Pushing);
}

TEST_F(Targets, ThePushEndsWhenAllHaveGivenUp) {
    servers_.refuse("main", Error{Code::ServerClosed, "no such key", 0, true});
    servers_.refuse("second", Error{Code::TcpFailed, "refused"});
    auto& context = make(pushingTo({{.id = "second", .urls = {url("second")}}}));
    start(context);
    EXPECT_EQ(journal().seen("start:ok"), 0U);
    EXPECT_EQ(journal().seen("-1307 main"), 1U);
    EXPECT_EQ(journal().seen("-1307 second"), 1U);
    EXPECT_EQ(context.state(), State::Idle);
}

TEST_F(Targets, OneThatIsLostIsTriedAgainWhileThePushIsLive) {
    auto& context = make(pushingTo({{.id = "second", .urls = {url("second")}}}));
    start(context);
    ASSERT_TRUE(journal().await("1002 second"));
    servers_.lose("second");
    ASSERT_TRUE(journal().await("1102 second"));
    ASSERT_TRUE(journal().await("1002 second", 2));
    EXPECT_EQ(journal().seen("1102 main"), 0U);
    EXPECT_EQ(context.state(), State::Pushing);
}

TEST_F(Targets, AreConnectingAgainWhenNoneIsLeft) {
    auto& context = make(pushingTo({{.id = "second", .urls = {url("second")}}}));
    start(context);
    ASSERT_TRUE(journal().await("1002 second"));
    ASSERT_TRUE(journal().await("1002 main"));
    servers_.refuse("main", Error{Code::TcpFailed, "refused"});
    servers_.refuse("second", Error{Code::TcpFailed, "refused"});
    servers_.lose("main");
    servers_.lose("second");
    ASSERT_TRUE(journal().await("-1307 main"));
    ASSERT_TRUE(journal().await("-1307 second"));
    ASSERT_TRUE(journal().await("second cut"));
    context.stop(noting(scene_, "stop"));
    ASSERT_TRUE(journal().await("stop:complete"));
    EXPECT_EQ(context.state(), State::Idle);
}

TEST_F(Targets, JoinsAndLeavesAPushThatGoesOn) {
    auto& context = make(pushingTo({}));
    start(context);
    ASSERT_TRUE(journal().await("main key", 2));
    context.addTarget({.id = "late", .urls = {url("late")}}, noting(scene_, "add"));
    ASSERT_TRUE(journal().await("add:ok"));
    ASSERT_TRUE(journal().await("late key"));
    const auto packets = servers_.packets("late");
    ASSERT_GE(packets.size(), 3U);
    EXPECT_EQ(packets[0].kind, Packet::Kind::Config);
    EXPECT_EQ(packets[1].kind, Packet::Kind::Config);
    for (const auto& packet : packets) {
        EXPECT_GE(packet.dts, Timestamp::zero());
        if (packet.track == Packet::Track::Video && packet.kind != Packet::Kind::Config) {
            EXPECT_EQ(packet.kind, Packet::Kind::Key);
            break;
        }
    }
    context.removeTarget("late", noting(scene_, "remove"));
    ASSERT_TRUE(journal().await("remove:ok"));
    ASSERT_TRUE(journal().await("late closed"));
    EXPECT_EQ(journal().seen("1102 late") + journal().seen("-1307 late"), 0U);
    EXPECT_EQ(context.state(), State::Pushing);
    EXPECT_FALSE(context.netStatus("nobody"));
}

TEST_F(Targets, AreRefusedWithWhatIsWrong) {
    auto& context = make(pushingTo({{.id = "second", .urls = {url("second")}}}));
    const auto refused = [&](const std::string& name) {
        EXPECT_TRUE(journal().await(name + ":complete"));
        EXPECT_EQ(journal().seen(name + ":ok"), 0U) << name;
    };
    context.addTarget({.id = "second", .urls = {url("x")}}, noting(scene_, "twice"));
    context.addTarget({.id = "third"}, noting(scene_, "no url"));
    context.addTarget({.id = "th ird", .urls = {url("x")}}, noting(scene_, "bad id"));
    context.addTarget({.id = "third", .urls = {url("x")}, .reconnect = "never"}, noting(scene_, "bad policy"));
    context.removeTarget("third", noting(scene_, "unknown"));
    context.updateTarget(
        "third", [](livepusher::Target&) {}, noting(scene_, "unknown too"));
    context.removeTarget("main", noting(scene_, "main"));
    for (const auto* name : {"twice", "no url", "bad id", "bad policy", "unknown", "unknown too", "main"}) refused(name);
    EXPECT_EQ(context.properties().targets.size(), 1U);
}

TEST_F(Targets, TheNextUrlIsTakenAtOnceAndThenRound) {
    auto p = pushingTo({{.id = "main", .urls = {url("b"), url("c")}}});
    p.reconnect = "2x5";
    auto& context = make(p);
    start(context);
    servers_.refuse("b", Error{Code::TcpFailed, "refused"});
    servers_.refuse("main", Error{Code::TcpFailed, "refused"});
    const auto before = now();
    servers_.lose("main");
    ASSERT_TRUE(journal().await("c key"));
    EXPECT_LT(now() - before, 3s);  // no delay of the policy's
    EXPECT_EQ(journal().seen("b open"), 1U);
    servers_.refuse("c", Error{Code::TcpFailed, "refused"});
    servers_.lose("c");
    ASSERT_TRUE(journal().await("-1307 main"));
    EXPECT_GE(now() - before, 10s);  // two of them
}

TEST_F(Targets, ARefusalForGoodTriesTheOthersFirst) {
    servers_.refuse("main", Error{Code::ServerClosed, "no such key", 0, true});
    auto& context = make(pushingTo({{.id = "main", .urls = {url("b")}}}));
    start(context);
    EXPECT_EQ(journal().seen("start:ok"), 1U);
    EXPECT_EQ(context.state(), State::Pushing);
}

TEST_F(Targets, GoesBackToTheFirstUrlWhereThatIsPreferred) {
    auto& context = make(pushingTo({{.id = "main", .urls = {url("b")}, .preferFirst = true}}));
    start(context);
    servers_.refuse("main", Error{Code::TcpFailed, "refused"});
    servers_.lose("main");
    ASSERT_TRUE(journal().await("b key"));
    servers_.refuse("main", std::nullopt);
    ASSERT_TRUE(journal().await("b closed"));
    EXPECT_EQ(journal().seen("1102 main"), 1U);
    EXPECT_EQ(context.state(), State::Pushing);
}

TEST_F(Targets, AHotBackupHasTheStreamAllAlong) {
    auto& context = make(pushingTo({{.id = "main", .urls = {url("b")}, .backup = Backup::hot}}));
    start(context);
    ASSERT_TRUE(journal().await("1002 main"));
    ASSERT_TRUE(journal().await("1002 main.backup"));
    ASSERT_TRUE(journal().await("b key"));
    servers_.lose("main");
    ASSERT_TRUE(journal().await("1002 main", 2));
    EXPECT_EQ(journal().seen("1102 main.backup"), 0U);
    EXPECT_EQ(context.state(), State::Pushing);
}

TEST_F(Targets, EachGetsTheSoundThatItWantsAndWhoWantsTheSameSharesIt) {
    std::atomic<int> made{0};
    auto with = options(scene_, pushingTo({{.id = "second", .urls = {url("second")}, .audioCodec = AudioCodec::opus},
                                           {.id = "third", .urls = {url("third")}, .audioCodec = AudioCodec::opus}}));
    with.handlers.onStateChange = [this](const StateChangeEvent& e) {
        journal().note(std::to_string(e.code) + (e.targetId.empty() ? "" : " " + e.targetId));
    };
    auto stages = fakeStages(scene_);
    stages.publisher = [this](base::Url::Scheme) { return std::make_unique<NamedPublisher>(servers_); };
    stages.audioEncoder = [&](AudioCodec) {
        ++made;
        return std::make_unique<FakeAudioEncoder>(scene_);
    };
    auto& context = context_.emplace(std::move(with), std::move(stages));
    start(context);
    const auto sound = [this](const std::string& app) {
        std::set<int> renditions;
        for (const auto& packet : servers_.packets(app))
            if (packet.track == Packet::Track::Audio) renditions.insert(packet.rendition);
        return renditions;
    };
    for (const auto* id : {"main", "second", "third"}) ASSERT_TRUE(journal().await(std::string(id) + " key"));
    context.addTarget({.id = "late", .urls = {url("late")}}, noting(scene_, "add"));
    ASSERT_TRUE(journal().await("late key"));
    context.updateTarget(
        "late", [](livepusher::Target& late) { late.audioCodec = AudioCodec::opus; }, noting(scene_, "update"));
    ASSERT_TRUE(journal().await("late closed"));
    ASSERT_TRUE(journal().await("1002 late", 2));
    context.stop(noting(scene_, "stop"));
    ASSERT_TRUE(journal().await("stop:complete"));
    EXPECT_EQ(sound("main"), std::set{0});
    EXPECT_EQ(sound("second"), std::set{2});
    EXPECT_EQ(sound("third"), std::set{2});
    EXPECT_EQ(made, 2) << "one a codec";
    EXPECT_TRUE(sound("late").contains(0));
}

TEST_F(Targets, AServerThatTakesNoOpusGetsAacAndTheOthersKeepWhatTheyHave) {
    auto properties = pushingTo({{.id = "second", .urls = {url("second")}}});
    properties.audioCodec = AudioCodec::opus;
    servers_.takeNoOpus = {"second"};
    auto& context = make(properties);
    start(context);
    ASSERT_TRUE(journal().await("1102 second"));
    ASSERT_TRUE(journal().await("1002 second"));
    ASSERT_TRUE(journal().await("second key"));
    context.stop(noting(scene_, "stop"));
    ASSERT_TRUE(journal().await("stop:complete"));
    EXPECT_EQ(journal().seen("-1307 second"), 0U);
    for (const auto& [app, rendition] : {std::pair("main", 0), std::pair("second", 1)}) {
        const auto packets = servers_.packets(app);
        const auto isSound = [](const Packet& packet) { return packet.track == Packet::Track::Audio; };
        EXPECT_TRUE(std::ranges::any_of(packets, isSound)) << app;
        for (const auto& packet : packets) {
            if (isSound(packet)) {
                EXPECT_EQ(packet.rendition, rendition) << app;
            }
        }
    }
}

TEST_F(Targets, AServerThatTakesNeitherIsLeftWhereThePicturesAreSharedByOthers) {
    auto properties = pushingTo({{.id = "second", .urls = {url("second")}}});
    properties.videoCodec = VideoCodec::hevc;
    servers_.refuse("second", Error{Code::ServerClosed, "no H.265 here", rtmp::kPicturesNotTaken, true});
    start(make(properties));
    ASSERT_TRUE(journal().await("-1307 second"));
    ASSERT_TRUE(journal().await("main key"));
}

}  // namespace livepusher::testing
