// SPDX-License-Identifier: MIT
// A push whose targets want pictures of their own.
#include "slow_link.hpp"
#include "targets_case.hpp"

#include "pipeline/renditions.hpp"

#include <algorithm>
#include <set>

namespace livepusher::testing {

namespace {

constexpr int kWholeWidth = 360, kWholeHeight = 640;  // of the push

livepusher::Target small(const std::string& id, int width = 180, int height = 320) {
    return {.id = id, .urls = {url(id)}, .videoWidth = width, .videoHeight = height};
}

std::vector<Packet> video(std::vector<Packet> packets) {
    std::erase_if(packets, [](const Packet& packet) { return packet.track != Packet::Track::Video; });
    return packets;
}

/// Of each decoder configuration, in their order.
std::vector<int> widths(const std::vector<Packet>& packets) {
    std::vector<int> all;
    for (const auto& packet : video(packets))
        if (packet.kind == Packet::Kind::Config) all.push_back(packet.description->width);
    return all;
}

std::vector<Timestamp> keys(const std::vector<Packet>& packets) {
    std::vector<Timestamp> all;
    for (const auto& packet : video(packets))
        if (packet.kind == Packet::Kind::Key) all.push_back(packet.pts);
    return all;
}

Properties pushWith(std::vector<livepusher::Target> targets) {
    auto p = pushingTo(std::move(targets));
    p.videoWidth = kWholeWidth;
    p.videoHeight = kWholeHeight;
    p.adaptation = livepusher::Adaptation::off;
    return p;
}

}  // namespace

TEST(RenditionNumbers, AreTheSameForTheSame) {
    pipeline::Renditions renditions;
    const properties::Rendition one{180, 320, 30, 0}, two{180, 320, 15, 0};
    EXPECT_EQ(renditions.numberOf(std::nullopt), 0);
    const int first = renditions.numberOf(one), second = renditions.numberOf(two);
    EXPECT_NE(first, second);
    EXPECT_EQ(renditions.numberOf(one), first);
    EXPECT_EQ(renditions.keep({0, second}).size(), 1U);
    EXPECT_NE(renditions.numberOf(one), first) << "its encoder has ended: what comes is another's";
    renditions.failed(second);
    EXPECT_NE(renditions.numberOf(two), second);
}

class RenditionsTest : public Targets {
protected:
    std::size_t encoders(const std::string& size) { return journal().seen("encoder " + size); }
    void stop() {
        context_->stop(noting(scene_, "stop"));
        ASSERT_TRUE(journal().await("stop:complete"));
    }
};

TEST_F(RenditionsTest, EachIsEncodedOnceForAllWhoWantIt) {
    auto whole = livepusher::Target{.id = "whole", .urls = {url("whole")}, .videoWidth = kWholeWidth, .fps = 60};
    start(make(pushWith({small("a"), small("b"), whole})));
    for (const auto* name : {"main key", "whole key", "a key", "b key"}) ASSERT_TRUE(journal().await(name, 3)) << name;
    stop();
    EXPECT_EQ(encoders("360x640"), 1U);
    EXPECT_EQ(encoders("180x320"), 1U);
    EXPECT_EQ(journal().seen("encoder 180x320 closed"), 1U);
    for (const auto* name : {"main", "whole"}) EXPECT_EQ(widths(servers_.packets(name)), (std::vector{kWholeWidth})) << name;
    for (const auto* name : {"a", "b"}) EXPECT_EQ(widths(servers_.packets(name)), (std::vector{180})) << name;
}

TEST_F(RenditionsTest, TheirKeyFramesAreThePushs) {
    auto slow = small("slow");
    slow.fps = 7;
    start(make(pushWith({small("quick"), slow})));
    ASSERT_TRUE(journal().await("main key", 4));
    ASSERT_TRUE(journal().await("slow key", 3));
    ASSERT_TRUE(journal().await("quick key", 3));
    stop();
    const auto all = keys(servers_.packets("main"));
    for (const auto* name : {"quick", "slow"}) {
        const auto theirs = keys(servers_.packets(name));
        ASSERT_GE(theirs.size(), 3U) << name;
        EXPECT_TRUE(std::equal(theirs.begin(), theirs.end(), all.begin())) << name;
    }
    EXPECT_LT(video(servers_.packets("slow")).size() * 4, video(servers_.packets("quick")).size());
}

TEST_F(RenditionsTest, OneIsEncodedWhileSomebodyWantsIt) {
    auto& context = make(pushWith({}));
    start(context);
    ASSERT_TRUE(journal().await("main key"));
    context.addTarget(small("late"), noting(scene_, "add"));
    ASSERT_TRUE(journal().await("add:ok"));
    ASSERT_TRUE(journal().await("late key", 2));
    context.addTarget(small("later"), noting(scene_, "add"));
    ASSERT_TRUE(journal().await("later key"));
    context.removeTarget("late", noting(scene_, "remove"));
    ASSERT_TRUE(journal().await("late closed"));
    ASSERT_TRUE(journal().await("later key", 3));
    EXPECT_EQ(journal().seen("encoder 180x320 closed"), 0U);
    context.removeTarget("later", noting(scene_, "remove"));
    ASSERT_TRUE(journal().await("encoder 180x320 closed"));
    EXPECT_EQ(encoders("180x320"), 1U);
    EXPECT_EQ(encoders("360x640"), 1U) << "the push's own goes on";
    const auto all = keys(servers_.packets("main"));
    for (const auto* name : {"late", "later"}) {
        const auto packets = video(servers_.packets(name));
        ASSERT_GE(packets.size(), 2U);
        EXPECT_EQ(packets[0].kind, Packet::Kind::Config);
        EXPECT_EQ(packets[1].kind, Packet::Kind::Key);
        EXPECT_GE(packets[1].dts, Timestamp::zero());
        // The distances of key frames are the push's: its own time begins elsewhere.
        const auto theirs = keys(packets);
        const auto at = std::ranges::find_if(all, [&](Timestamp key) {
            const auto shift = key - theirs.front();
            return std::ranges::all_of(theirs, [&](Timestamp each) { return std::ranges::count(all, each + shift) == 1; });
        });
        EXPECT_NE(at, all.end()) << name;
    }
}

TEST_F(RenditionsTest, IsChangedUnderAStreamThatGoesOn) {
    auto& context = make(pushWith({small("second")}));
    start(context);
    ASSERT_TRUE(journal().await("second key"));
    const auto change = [&](std::optional<int> width, std::optional<int> height) {
        context.updateTarget(
            "second", [=](livepusher::Target& target) { target.videoWidth = width, target.videoHeight = height; },
            noting(scene_, "update"));
    };
    change(90, 160);
    ASSERT_TRUE(journal().await("encoder 180x320 closed"));  // when nobody gets it any more
    ASSERT_TRUE(journal().await("second key", 3));
    change(std::nullopt, std::nullopt);
    ASSERT_TRUE(journal().await("encoder 90x160 closed"));
    ASSERT_TRUE(journal().await("second key", 5));
    stop();
    EXPECT_EQ(journal().seen("second open"), 1U) << "the connection stays";
    EXPECT_EQ(encoders("360x640"), 1U);
    const auto packets = video(servers_.packets("second"));
    EXPECT_EQ(widths(packets), (std::vector{180, 90, kWholeWidth}));
    const auto whole = video(servers_.packets("main"));
    std::set<Timestamp> times;
    for (const auto& packet : whole) times.insert(packet.pts);
    Timestamp last{-1};
    std::size_t pictures = 0;
    for (std::size_t i = 0; i < packets.size(); ++i) {
        if (packets[i].kind == Packet::Kind::Config) {
            ASSERT_LT(i + 1, packets.size());
            EXPECT_EQ(packets[i + 1].kind, Packet::Kind::Key);
            continue;
        }
        ++pictures;
        EXPECT_GT(packets[i].dts, last);
        EXPECT_TRUE(times.contains(packets[i].pts));
        last = packets[i].dts;
    }
    EXPECT_NEAR(double(pictures), double(whole.size() - 1), 2) << "no picture is lost";
}

TEST_F(RenditionsTest, AnEncoderThatCannotBeOpenedEndsItsTargetsAlone) {
    scene_.failsAtWidth = 90;
    auto& context = make(pushWith({small("a"), small("bad", 90, 160), small("worse", 90, 160)}));
    start(context);
    ASSERT_TRUE(journal().await("-1307 bad"));
    ASSERT_TRUE(journal().await("-1307 worse"));
    ASSERT_TRUE(journal().await("bad closed"));
    ASSERT_TRUE(journal().await("main key", 2));
    ASSERT_TRUE(journal().await("a key", 2));
    EXPECT_EQ(journal().seen("-1307 a") + journal().seen("-1307 main"), 0U);
    EXPECT_EQ(context.state(), State::Pushing);
    // And it is there again when it wants what can be had.
    context.updateTarget(
        "bad", [](livepusher::Target& target) { target.videoWidth = 180, target.videoHeight = 320; }, noting(scene_, "update"));
    ASSERT_TRUE(journal().await("update:ok"));
    ASSERT_TRUE(journal().await("bad key", 1));
    EXPECT_EQ(encoders("180x320"), 1U);
}

TEST_F(RenditionsTest, AChangeThatFailsLeavesTheTargetWithWhatItHas) {
    scene_.failsAtWidth = 90;
    auto& context = make(pushWith({small("second")}));
    start(context);
    ASSERT_TRUE(journal().await("second key"));
    context.updateTarget(
        "second", [](livepusher::Target& target) { target.videoWidth = 90, target.videoHeight = 160; }, noting(scene_, "update"));
    ASSERT_TRUE(journal().await("update:ok"));
    ASSERT_TRUE(journal().await("-1303 second"));
    const auto seen = journal().seen("second key");
    ASSERT_TRUE(journal().await("second key", seen + 2));
    EXPECT_EQ(journal().seen("-1307 second"), 0U);
    EXPECT_EQ(widths(servers_.packets("second")), (std::vector{180}));
}

TEST_F(RenditionsTest, NetStatusTellsOfWhatTheTargetGets) {
    auto slow = small("slow");
    slow.fps = 15;
    auto& context = make(pushWith({slow}));
    start(context);
    ASSERT_TRUE(journal().await("slow key"));
    const auto seen = journal().seen("netstatus slow");
    ASSERT_TRUE(journal().await("netstatus slow", seen + 3));
    const auto mine = context.netStatus("slow"), push = context.netStatus("main");
    ASSERT_TRUE(mine && push);
    EXPECT_EQ(mine->videoWidth, 180);
    EXPECT_EQ(mine->videoHeight, 320);
    EXPECT_NEAR(mine->videoFPS, 15, 4);
    EXPECT_EQ(push->videoWidth, kWholeWidth);
    EXPECT_GT(push->videoFPS, 40);
    EXPECT_EQ(context.netStatus().videoWidth, kWholeWidth);
}

TEST_F(RenditionsTest, FollowWhatThePushBecomes) {
    auto half = livepusher::Target{.id = "half", .urls = {url("half")}, .videoWidth = 180};
    auto& context = make(pushWith({half}));
    start(context);
    ASSERT_TRUE(journal().await("half key"));
    EXPECT_EQ(encoders("180x320"), 1U);
    context.setProperty("videoHeight", "480", noting(scene_, "set"));  // 180 of 360x480 is 180x240
    ASSERT_TRUE(journal().await("set:ok"));
    ASSERT_TRUE(journal().await("encoder 180x320 closed"));
    ASSERT_TRUE(journal().await("encoder 180x240"));
    EXPECT_EQ(journal().seen("half open"), 1U);
}

TEST_F(RenditionsTest, BitrateFollowsTheTargetsWithThePushsOwnPicture) {
    auto p = pushWith({small("second")});
    p.adaptation = livepusher::Adaptation::always;
    p.steer = Steer::all;
    p.minBitrate = 200;
    p.maxBitrate = 1000;
    servers_.links["second"] = SlowLink();
    start(make(p));
    ASSERT_TRUE(journal().await("netstatus second", 20));
    EXPECT_EQ(journal().seen("1006"), 0U);
    const auto exchange = [&](const std::string& from, const std::string& to) {
        std::lock_guard lock(servers_.mutex);
        servers_.links.erase(from);
        if (!to.empty()) servers_.links[to] = SlowLink();
    };
    exchange("second", "main");
    ASSERT_TRUE(journal().await("1006"));
    exchange("main", "");
    ASSERT_TRUE(journal().await("main key", journal().seen("main key") + 1));
    const auto all = journal().all();
    std::set<int> told;
    for (const auto& entry : all)
        if (entry.starts_with("bitrate ")) told.insert(std::stoi(entry.substr(8)));
    EXPECT_TRUE(std::ranges::any_of(told, [&](int kbps) { return kbps < 1000 && kbps > 250 && told.contains((kbps + 2) / 4); }))
        << "a quarter of the pixels gets a quarter of what the push gets";
}

TEST_F(RenditionsTest, AMessageIsInAll) {
    auto& context = make(pushWith({small("second")}));
    start(context);
    ASSERT_TRUE(journal().await("second key"));
    context.sendMessage({.msg = "hello"});
    EXPECT_TRUE(journal().await("message hello", 2));
}

TEST_F(RenditionsTest, WhatComesCodedHasNone) {
    auto with = options(scene_, pushWith({small("second")}));
    with.sources.video = "coded";
    LivePusherContext context(std::move(with), fakeStages(scene_));
    std::string why;
    context.start(
        {.fail = [&](const MethodResult& r) { why = r.errMsg; }, .complete = [this](auto&) { journal().note("over"); }});
    ASSERT_TRUE(journal().await("over"));
    EXPECT_NE(why.find("second asks for a picture of its own"), std::string::npos) << why;
    EXPECT_NE(why.find("coded"), std::string::npos) << why;
}

}  // namespace livepusher::testing
