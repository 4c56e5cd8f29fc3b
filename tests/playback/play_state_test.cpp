// SPDX-License-Identifier: MIT
#include "playback/play_state.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <set>
#include <tuple>
#include <vector>

namespace livepusher::playback {
namespace {

using enum PlayInput;

PlayState after(std::initializer_list<PlayInput> inputs) {
    PlayState state;
    for (const auto input : inputs) state = next(state, input).value();
    return state;
}

TEST(PlayState, AStreamIsConnectedToLoadedAndPlayed) {
    EXPECT_EQ(after({Start}).stage, Stage::Connecting);
    EXPECT_EQ(after({Start, Connected}).stage, Stage::Loading);
    EXPECT_EQ(after({Start, Connected, Ready}).stage, Stage::Playing);
    EXPECT_EQ(after({Start, Connected, Ready, Empty}).stage, Stage::Loading);
    EXPECT_EQ(after({Start, Connected, Ready, Empty, Ready}).stage, Stage::Playing);
}

TEST(PlayState, ALostConnectionLeavesTheBufferPlaying) {
    const auto lost = after({Start, Connected, Ready, Lost});
    EXPECT_EQ(lost, (PlayState{.stage = Stage::Playing, .reconnecting = true}));
    EXPECT_EQ(next(lost, Empty), (PlayState{.stage = Stage::Loading, .reconnecting = true}));
    EXPECT_EQ(next(lost, Connected), (PlayState{.stage = Stage::Playing}));
    EXPECT_EQ(after({Start, Lost, Lost}), (PlayState{.stage = Stage::Connecting, .reconnecting = true}));
}

TEST(PlayState, APauseIsNoStall) {
    const auto paused = after({Start, Connected, Ready, Pause});
    EXPECT_FALSE(next(paused, Empty));
    EXPECT_FALSE(next(paused, Pause));
    EXPECT_EQ(next(paused, Lost), (PlayState{.stage = Stage::Playing, .paused = true, .reconnecting = true}));
    EXPECT_EQ(next(paused, Resume), (PlayState{.stage = Stage::Playing}));
    EXPECT_EQ(after({Start, Pause, Connected, Ready}), paused);
}

TEST(PlayState, ItEndsWhenTheLastHasBeenPlayed) {
    const auto ending = after({Start, Connected, Ready, StreamEnd});
    EXPECT_EQ(ending.stage, Stage::Playing);
    EXPECT_EQ(next(ending, Empty)->stage, Stage::Ended);
    EXPECT_FALSE(next(ending, Lost)) << "a server that closes after its end is no failure";
    EXPECT_EQ(next(ending, MediaCame), (PlayState{.stage = Stage::Playing}));
    EXPECT_EQ(after({Start, StreamEnd}).stage, Stage::Ended);
    EXPECT_EQ(after({Start, Connected, StreamEnd, Empty}).stage, Stage::Ended);
    EXPECT_EQ(after({Start, Connected, StreamEnd, Empty, Start}).stage, Stage::Connecting);
}

TEST(PlayState, WhereverItIsStopAndGivingUpLeadToNothing) {
    std::vector<PlayState> open{{}};
    std::set<std::tuple<Stage, bool, bool, bool>> seen;
    while (!open.empty()) {
        const auto state = open.back();
        open.pop_back();
        if (!seen.insert({state.stage, state.paused, state.reconnecting, state.ending}).second) continue;
        EXPECT_EQ(next(state, Stop), PlayState{});
        EXPECT_EQ(next(state, GaveUp).has_value(), isActive(state));
        EXPECT_EQ(next(state, Start).has_value(), !isActive(state));
        if (!isActive(state)) {
            EXPECT_EQ(state, (PlayState{.stage = state.stage})) << "nothing is left of what was";
        }
        for (const auto input : {Start, Stop, Pause, Resume, Connected, Lost, GaveUp, Ready, Empty, StreamEnd, MediaCame})
            if (const auto then = next(state, input)) open.push_back(*then);
    }
    EXPECT_GE(seen.size(), 16U);
}

}  // namespace
}  // namespace livepusher::playback
