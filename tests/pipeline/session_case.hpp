// SPDX-License-Identifier: MIT
#pragma once

#include "fakes.hpp"

#include <gtest/gtest.h>

namespace livepusher::testing {

class SessionTest : public ::testing::Test {
protected:
    Journal& journal() { return scene_.journal; }

    void start(LivePusherContext& context) {
        context.start(noting(scene_, "start"));
        ASSERT_TRUE(journal().await("start:complete"));
        ASSERT_EQ(journal().seen("start:ok"), 1U);
    }

    Scene scene_;
};

}  // namespace livepusher::testing
