// SPDX-License-Identifier: MIT
#include "pipeline/state.hpp"

#include <gtest/gtest.h>

namespace livepusher::pipeline {

using enum Phase;

constexpr Phase kAll[]{Idle, Previewing, Connecting, Pushing, Paused, Reconnecting, ReconnectingPaused};

TEST(State, StopAndGivingUpLeadToIdleFromEverywhere) {
    for (const auto phase : kAll) {
        EXPECT_EQ(next(phase, Input::Stop), Idle);
        EXPECT_EQ(next(phase, Input::GaveUp), Idle);
    }
}

TEST(State, StartIsOnlyForWhoDoesNotPush) {
    for (const auto phase : kAll) EXPECT_EQ(next(phase, Input::Start).has_value(), !isActive(phase));
}

TEST(State, APauseOutlivesALostConnection) {
    auto phase = *next(Pushing, Input::Pause);
    phase = *next(phase, Input::Lost);
    EXPECT_EQ(publicState(phase), State::Reconnecting);
    EXPECT_EQ(phase, ReconnectingPaused);
    EXPECT_EQ(next(phase, Input::Connected), Paused);
    EXPECT_EQ(next(*next(phase, Input::Resume), Input::Connected), Pushing);
}

TEST(State, AFirstConnectThatIsTriedAgainIsStillConnecting) { EXPECT_EQ(next(Connecting, Input::Lost), Connecting); }

TEST(State, ThePreviewCanCloseDuringAPushAndThePushGoesOn) { EXPECT_EQ(next(Pushing, Input::StopPreview), Pushing); }

}  // namespace livepusher::pipeline
