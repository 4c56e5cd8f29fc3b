// SPDX-License-Identifier: MIT
#include "pipeline/source_phase.hpp"

#include <gtest/gtest.h>

namespace livepusher::pipeline {

using enum SourcePhase;

TEST(SourcePhase, FollowsWhatDevicesTellOfThemselves) {
    struct Case {
        SourcePhase before;
        Code code;
        SourcePhase then;
    };
    const Case cases[] = {
        {Awaited, Code::CameraOpened, There},
        {Awaited, Code::ScreenCaptureStarted, There},
        {There, Code::CameraRemoved, CameraAway},
        {CameraAway, Code::CameraReturned, There},
        {There, Code::ScreenCaptureInterrupted, ScreenAway},
        {ScreenAway, Code::ScreenCaptureStarted, There},
        // The camera in a screen's corner:
        {ScreenAway, Code::CameraRemoved, ScreenAway},
        {ScreenAway, Code::CameraReturned, ScreenAway},
        {ScreenAway, Code::CameraOpened, ScreenAway},
        {CameraAway, Code::ScreenCaptureInterrupted, ScreenAway},
        // What says nothing of it:
        {There, Code::FirstFrameCaptured, There},
        {CameraAway, Code::CameraOpened, CameraAway},
        {Ended, Code::CameraOpened, Ended},
        {Failed, Code::CameraReturned, Failed},
        {Abandoned, Code::ScreenCaptureStarted, Abandoned},
    };
    for (const auto& c : cases)
        EXPECT_EQ(after(c.before, c.code), c.then) << static_cast<int>(c.before) << ", " << static_cast<int>(c.code);
}

TEST(SourcePhase, WhatIsOverIsNotOpenedAgainAndAnEndIsRemembered) {
    SourceState state;
    state.arrived();
    EXPECT_EQ(state.phase(), There);
    state.over(Ended);
    EXPECT_TRUE(state.mayOpen());
    state.opening();
    state.arrived();
    EXPECT_EQ(state.phase(), Ended) << "a source that ends while it is opened";
    state.over(Abandoned);
    EXPECT_FALSE(state.mayOpen());
    state.opening();
    EXPECT_EQ(state.phase(), Abandoned);
}

}  // namespace livepusher::pipeline
