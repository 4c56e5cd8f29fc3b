// SPDX-License-Identifier: MIT
#include "player_case.hpp"

namespace livepusher::playback::test {
namespace {

using namespace std::chrono_literals;

class PlayerTest : public PlayerCase {};

TEST_F(PlayerTest, PlaysToTheEndAndTellsSo) {
    play({Script::of(coded(125)).thenEnds()});
    EXPECT_EQ(start().errMsg, "start:ok");
    await(Code::PlayEnded);
    EXPECT_EQ(player->state(), PlayerState::Ended);
    auto came = codes();
    EXPECT_EQ((std::vector(came.begin(), came.begin() + 3)), (std::vector<int>{2001, 2002, 2003}));
    EXPECT_EQ((std::vector(came.end() - 2, came.end())), (std::vector<int>{2004, 2006}));
    std::ranges::sort(came);  // each lane begins by itself
    EXPECT_EQ(came, (std::vector<int>{2001, 2002, 2003, 2004, 2006, 2008, 2008, 2032}));
    EXPECT_GE(count(Code::PlayProgress), 4U);
    const auto pictures = shown();
    EXPECT_EQ(pictures.size(), 125U) << player->netStatus().videoDrop;
    for (std::size_t i = 1; i < pictures.size(); ++i) EXPECT_EQ(pictures[i].pts - pictures[i - 1].pts, 40ms) << i;
}

TEST_F(PlayerTest, KeepsTheDelayOfItsMode) {
    options.properties.mode = PlayMode::RTC;
    play({Script::of(coded(500))});
    start();
    pass(12s);
    const auto status = player->netStatus();
    EXPECT_NEAR(status.delay, 200, 40) << status.targetDelay;
    EXPECT_EQ(status.stalls, 0);
    const auto pictures = shown();
    ASSERT_GT(pictures.size(), 250U);
    for (std::size_t i = 200; i < pictures.size(); ++i) {
        EXPECT_NEAR(static_cast<double>((pictures[i].at - pictures[i - 1].at).count()), 40000, 5000) << i;
    }
}

TEST_F(PlayerTest, AStopOfTheNetworkIsAStallAndThenCaughtUp) {
    options.properties.minCache = 0.5;
    options.properties.maxCache = 1.0;
    const auto stalled = [](Timestamp dts) { return dts > 5s && dts < 8s ? 8s - dts : Timestamp(0); };
    play({Script::of(coded(750), stalled)});
    start();
    await(Code::PlayLoading);
    await(Code::PlayBegan, 2);
    pass(10s);
    const auto status = player->netStatus();
    EXPECT_LE(status.delay, 1600);
    EXPECT_EQ(status.stalls, 1);
    EXPECT_GE(status.stalledMs, 1500);
}

TEST_F(PlayerTest, ReconnectsAndGoesOn) {
    options.properties.reconnect = "3x3";  // longer than what is there lasts
    auto whole = coded(500);
    std::vector<Packet> first, second;
    for (const auto& packet : whole)
        if (packet.kind == Packet::Kind::Config || packet.dts < 5s) first.push_back(packet);
    for (auto packet : whole)
        if (packet.kind == Packet::Kind::Config || packet.dts >= 6s) second.push_back(packet);
    auto again = Script::of(second);
    for (auto& step : again.steps) step.at = std::max(step.at - 6s, Timestamp(0));
    play({Script::of(first).thenFails({Code::TransferFailed, "reset"}), again});
    start();
    await(Code::PlayBegan, 2);
    pass(5s);
    EXPECT_EQ(player->netStatus().reconnects, 1);
    EXPECT_EQ(count(Code::PlayReconnecting), 1U);
    EXPECT_EQ(count(Code::TransferFailed), 1U);
    EXPECT_EQ(count(Code::KeyFrameReceived), 2U);
    EXPECT_TRUE(errors().empty());
}

TEST_F(PlayerTest, GivesUpWhenAllAttemptsAreUsedUp) {
    options.properties.reconnect = "2x1";
    play({});
    const auto result = start();
    EXPECT_EQ(result.errCode, -2301) << result.errMsg;
    EXPECT_EQ(codes(), (std::vector<int>{3002, 2103, 3002, 2103, 3002, -2301}));
    EXPECT_EQ(player->state(), PlayerState::Idle);
    EXPECT_EQ(stream_->connections(), 3U);
}

TEST_F(PlayerTest, PauseIsNoStallAndResumePlaysTheNewest) {
    options.properties.mode = PlayMode::RTC;
    play({Script::of(coded(750))});
    start();
    pass(5s);
    EXPECT_EQ(outcome([&](CallOptions o) { player->pause(std::move(o)); }).errCode, 0);
    EXPECT_EQ(player->state(), PlayerState::Paused);
    pass(500ms);
    const auto before = shown().size();
    pass(5s);
    EXPECT_EQ(shown().size(), before);
    outcome([&](CallOptions o) { player->resume(std::move(o)); });
    pass(5s);
    const auto status = player->netStatus();
    EXPECT_NEAR(status.delay, 200, 80);
    EXPECT_EQ(status.stalls, 0);
    EXPECT_EQ(count(Code::PlayLoading), 0U);
    EXPECT_EQ(count(Code::PlayStuttered), 0U);
    EXPECT_EQ(count(Code::DownlinkSlow), 0U);
}

TEST_F(PlayerTest, StopsAtAnyMoment) {
    play({Script::of(coded(250)), Script::of(coded(250))});
    player->start();
    EXPECT_EQ(stop().errCode, 0);
    EXPECT_EQ(player->state(), PlayerState::Idle);
    EXPECT_EQ(start().errMsg, "start:ok");
    EXPECT_EQ(stop().errCode, 0);
    EXPECT_EQ(start().errCode, -2301) << "nothing is left to connect to";
}

TEST_F(PlayerTest, PicturesAloneGoByTheSteadyClock) {
    play({Script::of(coded(250, true, false)).thenEnds()});
    start();
    await(Code::PlayEnded);
    EXPECT_EQ(shown().size(), 250U) << player->netStatus().videoDrop;
    Timestamp last{-40'000};
    for (const auto& each : shown()) {
        EXPECT_EQ(each.pts - last, 40ms) << each.pts.count();
        last = each.pts;
    }
}

TEST_F(PlayerTest, SoundAloneIsHeard) {
    options.properties.minSpeed = options.properties.maxSpeed = 1;
    int blocks = 0;
    std::mutex mutex;
    options.handlers.onAudioBlock = [&](const HeardAudio& block) {
        const std::lock_guard lock(mutex);
        if (*std::max_element(block.samples, block.samples + 2 * block.frames) > 0.05F) blocks += block.frames;
    };
    const auto packets = coded(250, false, true);
    play({Script::of(packets).thenEnds()});
    EXPECT_EQ(start().errMsg, "start:ok");
    await(Code::PlayEnded);
    EXPECT_EQ(count(Code::FirstFrameShown), 0U);
    player.reset();
    EXPECT_NEAR(blocks, static_cast<int>(packets.size() - 1) * 1024, 1500);
}

}  // namespace
}  // namespace livepusher::playback::test
