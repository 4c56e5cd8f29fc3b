// SPDX-License-Identifier: MIT
#include "pipeline/reconnect_policy.hpp"

#include <gtest/gtest.h>

namespace livepusher::pipeline {
namespace {

using namespace std::chrono_literals;

const Error kLost{Code::TransferFailed, "reset"};

ReconnectPolicy policy(std::string_view text) { return ReconnectPolicy(*base::ReconnectSpec::parse(text)); }

}  // namespace

TEST(ReconnectPolicy, TheDefaultSurvivesHalfAMinuteAndThenEnds) {
    auto p = policy("default");
    auto total = 0ms;
    int attempts = 0;
    while (const auto a = p.afterFailure(kLost, 0.5)) {
        EXPECT_EQ(a->number, ++attempts);
        total += a->delay;
    }
    EXPECT_EQ(attempts, 7);
    EXPECT_GE(total, 30s);
    EXPECT_LE(total, 35s);
}

TEST(ReconnectPolicy, TheVendorsIsThreeTimesThreeSeconds) {
    auto p = policy("vendor");
    for (int i = 1; i <= 3; ++i) EXPECT_EQ(p.afterFailure(kLost, 0.9)->delay, 3s);
    EXPECT_FALSE(p.afterFailure(kLost, 0.9));
}

TEST(ReconnectPolicy, ChanceMovesADelayByAFifthAtMost) {
    EXPECT_EQ(policy("default").afterFailure(kLost, 0)->delay, 400ms);
    EXPECT_EQ(policy("default").afterFailure(kLost, 1)->delay, 600ms);
}

TEST(ReconnectPolicy, WhatCannotHelpIsNotTriedAgain) {
    EXPECT_FALSE(policy("default").afterFailure({Code::HandshakeFailed, "bad certificate", 0, true}, 0.5));
    EXPECT_FALSE(policy("off").afterFailure(kLost, 0.5));
}

TEST(ReconnectPolicy, ANameInUseIsAskedForMoreSlowly) {
    EXPECT_EQ(policy("default").afterFailure({Code::ServerClosed, "NetStream.Publish.BadName: already publishing"}, 0.5)->delay,
              2500ms);
}

TEST(ReconnectPolicy, AHealthyConnectionStartsTheCountAgain) {
    auto p = policy("vendor");
    (void)p.afterFailure(kLost, 0);
    p.afterPublishing(5s);
    EXPECT_EQ(p.afterFailure(kLost, 0)->number, 2);
    p.afterPublishing(30s);
    EXPECT_EQ(p.afterFailure(kLost, 0)->number, 1);
}

}  // namespace livepusher::pipeline
