// SPDX-License-Identifier: MIT
// Whatever is called whenever, each call is answered once, and the player stays usable.
#include <random>

#include "player_case.hpp"

namespace livepusher::playback::test {
namespace {

using namespace std::chrono_literals;

constexpr int kSeeds = 6, kCalls = 60;

class RandomPlayerCallsTest : public PlayerCase, public ::testing::WithParamInterface<int> {
protected:
    std::mt19937 random{static_cast<unsigned>(GetParam())};

    int number(int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); }

    /// A connection that plays a while, and then is lost, ends, is refused or hangs.
    Script script() {
        switch (number(6)) {
            case 0: return {.refused = Error{Code::TcpFailed, "nobody listens"}};
            case 1: return {.hangs = true};
            case 2: return Script::of(coded(50)).thenEnds();
            case 3: return Script::of(coded(50)).thenFails({Code::TransferFailed, "reset"});
            case 4: return Script::of(coded(100), [](Timestamp dts) { return dts > 1s && dts < 3s ? 3s - dts : Timestamp(0); });
            default: return Script::of(coded(250));
        }
    }

    void call(const CallOptions& o) {
        const auto as = [&]<typename Options>(Options with) {
            with.success = {};
            with.fail = {};
            with.complete = o.complete;
            return with;
        };
        switch (number(16)) {
            case 0:
            case 1:
            case 2: return player->start(o);
            case 3: return player->stop(as(StopPlayOptions{.clearLastFrame = number(2) == 0}));
            case 4: return player->pause(o);
            case 5:
            case 6: return player->resume(o);
            case 7: return player->mute(as(MuteOptions{}));
            case 8: return player->snapshot(as(SnapshotOptions{.toFile = false}));
            case 9: return player->enterBackground(o);
            case 10: return player->exitBackground(o);
            case 11: return player->hostNavigated(number(2) == 0 ? PictureInPictureEvent::push : PictureInPictureEvent::pop, o);
            case 12: return player->hostReturned(o);
            case 13: return player->setProperty("mode", number(2) == 0 ? "RTC" : "live", o);
            case 14: return player->setProperty("minCache", std::to_string(number(20) * 0.1), o);
            default: return player->requestFullScreen(as(FullScreenOptions{.direction = 90 * (number(4) - 1)}));
        }
    }
};

TEST_P(RandomPlayerCallsTest, EachIsAnsweredOnceAndThePlayerStaysUsable) {
    std::vector<Script> scripts;
    for (int i = 0; i < 100; ++i) scripts.push_back(script());
    scripts.insert(scripts.end(), 60, Script::of(coded(250)));
    options.properties.reconnect = "3x1";
    play(std::move(scripts));
    std::mutex mutex;
    std::vector<int> answers(kCalls, 0);
    for (int i = 0; i < kCalls; ++i) {
        call({.complete = [&, i](const MethodResult& result) {
            const std::lock_guard lock(mutex);
            ++answers[static_cast<std::size_t>(i)];
            EXPECT_NE(describeCode(result.errCode), nullptr) << result.errCode;
        }});
        if (number(3) != 0) pass(Timestamp(number(800'000)));
    }
    EXPECT_EQ(stop().errCode, 0);
    {
        const std::lock_guard lock(mutex);
        for (int i = 0; i < kCalls; ++i) EXPECT_EQ(answers[static_cast<std::size_t>(i)], 1) << i;
    }
    EXPECT_EQ(player->state(), PlayerState::Idle);
    for (int i = 0; i < 100 && player->state() != PlayerState::Playing; ++i) {  // past what the scripts still refuse
        stop();
        player->start();
        pass(2s);
    }
    EXPECT_EQ(player->state(), PlayerState::Playing);
}

INSTANTIATE_TEST_SUITE_P(Seed, RandomPlayerCallsTest, ::testing::Range(0, kSeeds));

}  // namespace
}  // namespace livepusher::playback::test
