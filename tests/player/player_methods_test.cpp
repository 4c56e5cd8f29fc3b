// SPDX-License-Identifier: MIT
// Walks every cell of the player's table of methods and states, and keeps docs/player-methods.md, which is made from it.
#include "playback/player_methods.hpp"

#include <array>
#include <map>
#include <sstream>

#include "../docs_page.hpp"
#include "player_case.hpp"

namespace livepusher::playback::test {
namespace {

using namespace std::chrono_literals;

constexpr std::array kStates{PlayerState::Idle,    PlayerState::Connecting, PlayerState::Loading,
                             PlayerState::Playing, PlayerState::Paused,     PlayerState::Ended};

using Call = std::function<void(LivePlayerContext&, CallOptions)>;

template <typename Options>
Call with(void (LivePlayerContext::*method)(Options), Options options) {
    return [=](LivePlayerContext& player, const CallOptions& call) {
        auto filled = options;
        filled.fail = call.fail;
        filled.complete = call.complete;
        (player.*method)(std::move(filled));
    };
}

Call plain(void (LivePlayerContext::*method)(CallOptions)) {
    return [=](LivePlayerContext& player, CallOptions call) { (player.*method)(std::move(call)); };
}

/// How a test calls each method, with what else it needs already there.
const std::map<PlayerMethod, Call>& calls() {
    using C = LivePlayerContext;
    using enum PlayerMethod;
    static const std::map<PlayerMethod, Call> all{
        {Start, plain(&C::start)},
        {Stop, with(&C::stop, StopPlayOptions{})},
        {Pause, plain(&C::pause)},
        {Resume, plain(&C::resume)},
        {Mute, with(&C::mute, MuteOptions{})},
        {RequestFullScreen, with(&C::requestFullScreen, FullScreenOptions{})},
        {ExitFullScreen,
         [](C& player, CallOptions call) {
             player.requestFullScreen();
             player.exitFullScreen(std::move(call));
         }},
        {Snapshot, with(&C::snapshot, SnapshotOptions{.toFile = false})},
        {EnterPictureInPicture, plain(&C::enterPictureInPicture)},
        {ExitPictureInPicture,
         [](C& player, CallOptions call) {
             player.enterPictureInPicture();
             player.exitPictureInPicture(std::move(call));
         }},
        {EnterBackground, plain(&C::enterBackground)},
        {ExitBackground,
         [](C& player, CallOptions call) {
             player.enterBackground();
             player.exitBackground(std::move(call));
         }},
        {HostNavigated, [](C& player, CallOptions call) { player.hostNavigated(PictureInPictureEvent::pop, std::move(call)); }},
        {HostOpenedNative, plain(&C::hostOpenedNative)},
        {HostReturned, plain(&C::hostReturned)},
        {Update,
         [](C& player, CallOptions call) { player.update([](PlayerProperties& p) { p.volume = 0.5; }, std::move(call)); }},
        {SetProperty, [](C& player, CallOptions call) { player.setProperty("volume", "0.4", std::move(call)); }},
    };
    return all;
}

/// The state that a method leads to, where it leads to one at once.
PlayerState after(PlayerMethod method, PlayerState state) {
    switch (method) {
        case PlayerMethod::Stop: return PlayerState::Idle;
        case PlayerMethod::Pause: return PlayerState::Paused;
        case PlayerMethod::Resume: return PlayerState::Playing;
        case PlayerMethod::HostOpenedNative: return permit(PlayerMethod::Pause, state) ? PlayerState::Paused : state;
        default: return state;
    }
}

std::string page() {
    std::ostringstream page;
    page << "# The player's methods and states\n\nMade from the table in `src/playback/player_methods.cpp`; a test walks every "
            "cell of it and keeps this page current. ✓: allowed; –: fails with 20002 (InvalidState) and changes nothing. Any "
            "method may be called in any state, from any thread; each gets exactly one of `success` and `fail`, then "
            "`complete`.\n\n| method |";
    for (const auto state : kStates) page << " " << toString(state) << " |";
    page << " leads to | also needs |\n|---|";
    for ([[maybe_unused]] const auto state : kStates) page << ":-:|";
    page << "---|---|\n";
    for (const auto& rule : playerMethodRules()) {
        page << "| `" << rule.name << "` |";
        for (const auto state : kStates) page << (permit(rule.method, state) ? " ✓ |" : " – |");
        page << " " << rule.effect << " | " << rule.also << " |\n";
    }
    page << "\nA connection that is lost is no state: what is there plays on, and only when nothing is left the player is "
            "loading. Background is the application's own and lasts until it ends it, through `stop()` and the next "
            "`start()`.\n";
    return page.str();
}

TEST(PlayerMethods, ThePageIsCurrent) { livepusher::testing::expectCurrent("player-methods.md", page()); }

class PlayerMethodsTest : public PlayerCase, public ::testing::WithParamInterface<PlayerState> {
protected:
    /// A player in that state, with a picture wherever there can be one.
    void reach(PlayerState state) {
        using enum PlayerState;
        auto script = Script::of(coded(state == Loading || state == Ended ? 50 : 250));
        if (state == Ended) script.thenEnds();
        if (state == Connecting) script = {.hangs = true};
        play({script, Script::of(coded(250))});
        if (state == Idle) return;
        if (state == Connecting) {
            player->start();
            stream_->awaitConnections(1);
            while (player->state() == Idle) pass(1ms);
            return;
        }
        start();
        if (state == Loading) await(Code::PlayLoading);
        if (state == Ended) await(Code::PlayEnded);
        if (state == Paused) outcome([&](CallOptions o) { player->pause(std::move(o)); });
        ASSERT_EQ(player->state(), state);
    }
};

TEST_P(PlayerMethodsTest, EveryMethodDoesWhatTheTableSays) {
    const auto state = GetParam();
    for (const auto& rule : playerMethodRules()) {
        SCOPED_TRACE(std::string(rule.name) + " while " + std::string(toString(state)));
        const auto call = calls().find(rule.method);
        ASSERT_NE(call, calls().end()) << "the walk leaves it out";
        restart();
        reach(state);
        int failed = 0;
        const auto result = outcome([&](CallOptions o) {
            o.fail = [&](const MethodResult&) { ++failed; };
            call->second(*player, std::move(o));
        });
        auto permitted = permit(rule.method, state);
        if (rule.method == PlayerMethod::Snapshot && (state == PlayerState::Idle || state == PlayerState::Connecting))
            permitted = Error{Code::InvalidState, "there is no picture yet"};
        if ((rule.method == PlayerMethod::ExitFullScreen || rule.method == PlayerMethod::ExitPictureInPicture) &&
            state == PlayerState::Idle)
            permitted = Error{Code::InvalidState, "it could not be entered"};
        EXPECT_EQ(result.errCode, permitted ? 0 : static_cast<int>(permitted.error().code)) << result.errMsg;
        EXPECT_EQ(failed, permitted ? 0 : 1);
        EXPECT_TRUE(result.errMsg.starts_with(std::string(rule.name) + (permitted ? ":ok" : ":fail "))) << result.errMsg;
        if (rule.method == PlayerMethod::Start && permitted) continue;
        EXPECT_EQ(toString(player->state()), toString(permitted ? after(rule.method, state) : state));
    }
}

INSTANTIATE_TEST_SUITE_P(State, PlayerMethodsTest, ::testing::ValuesIn(kStates),
                         [](const auto& parameter) { return std::string(toString(parameter.param)); });

}  // namespace
}  // namespace livepusher::playback::test
