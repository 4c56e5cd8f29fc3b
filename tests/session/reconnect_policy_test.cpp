// SPDX-License-Identifier: MIT
#include "session/reconnect_policy.hpp"

#include <gtest/gtest.h>

namespace livepusher::session {
namespace {

using namespace std::chrono_literals;

const Error kLost{Code::TransferFailed, "reset"};
const Error kNameInUse{Code::ServerClosed, "NetStream.Publish.BadName: already publishing", rtmp::kNameInUse};

const Error kSilence{Code::ServerClosed, "the server closed the connection", rtmp::kClosedInSilence};

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
    EXPECT_EQ(attempts, 11);
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

TEST(ReconnectPolicy, TheDefaultNoticesTheEndOfAShortOutageWithinTwoSeconds) {
    for (const double chance : {0.0, 0.5, 1.0}) {
        auto p = policy("default");
        auto at = 0ms;
        while (at < 4s) {
            const auto delay = p.afterFailure(kLost, chance)->delay;
            EXPECT_LE(delay, 1500ms) << "after " << at.count() << " ms";
            at += delay;
        }
    }
}

TEST(ReconnectPolicy, OnlyTheDefaultIsLeftToChance) {
    for (const char* fixed : {"vendor", "4x2", "3x0.3"})
        EXPECT_EQ(policy(fixed).afterFailure(kLost, 0)->delay, policy(fixed).afterFailure(kLost, 1)->delay) << fixed;
}

TEST(ReconnectPolicy, OurOwnGhostIsWaitedForAndCostsNoAttempt) {
    auto p = policy("2x0.3");
    p.published();
    EXPECT_EQ(p.afterFailure(kLost, 0)->number, 1);
    auto waited = 0ms;
    for (int i = 1; i <= 12; ++i) {
        const auto a = p.afterFailure(kNameInUse, 0);
        ASSERT_TRUE(a);
        EXPECT_TRUE(a->nameInUse);
        EXPECT_EQ(a->number, i);
        EXPECT_EQ(a->of, 12);
        EXPECT_GE(a->delay, 2s);
        EXPECT_LE(a->delay, 3s);
        waited += a->delay;
    }
    EXPECT_EQ(waited, 30s);
    const auto last = p.afterFailure(kNameInUse, 0);
    ASSERT_TRUE(last) << "the policy's own attempts are left";
    EXPECT_EQ(last->number, 2);
    EXPECT_FALSE(last->nameInUse);
    EXPECT_EQ(last->delay, 2500ms) << "but no faster";
    EXPECT_FALSE(p.afterFailure(kNameInUse, 0));
}

TEST(ReconnectPolicy, ANameThatWasNeverOursIsAskedForAsLongAndThenLeftToItsOwner) {
    auto p = policy("default");
    for (int i = 1; i <= 12; ++i) EXPECT_TRUE(p.afterFailure(kNameInUse, 0));
    EXPECT_FALSE(p.afterFailure(kNameInUse, 0));
    EXPECT_FALSE(policy("off").afterFailure(kNameInUse, 0));
}

TEST(ReconnectPolicy, AGhostThatIsGoneIsForgotten) {
    auto p = policy("vendor");
    p.published();
    (void)p.afterFailure(kNameInUse, 0);
    EXPECT_EQ(p.afterFailure(kNameInUse, 0)->number, 2);
    p.published();
    p.afterPublishing(5s);
    (void)p.afterFailure(kLost, 0);
    EXPECT_EQ(p.afterFailure(kNameInUse, 0)->number, 1);
}

TEST(ReconnectPolicy, AServerThatEndsPublishInSilenceMayHoldOurName) {
    auto p = policy("2x0.3");
    EXPECT_FALSE(p.afterFailure(kSilence, 0)->nameInUse) << "it has never been ours";
    p.published();
    p.afterPublishing(40s);
    EXPECT_FALSE(p.afterFailure(kLost, 0)->nameInUse);
    for (int i = 1; i <= 12; ++i) EXPECT_EQ(p.afterFailure(kSilence, 0)->number, i);
    EXPECT_EQ(p.afterFailure(kSilence, 0)->delay, 2500ms) << "then by the policy, no faster";
    EXPECT_FALSE(p.afterFailure(kSilence, 0));
}

TEST(ReconnectPolicy, ASilentEndJustAfterTheStartIsOneToo) {
    auto p = policy("2x0.3");
    p.published();
    p.afterPublishing(100ms);
    EXPECT_FALSE(p.afterFailure(kSilence, 0)->nameInUse) << "nothing of ours can be there yet";
    for (int i = 1; i <= 12; ++i) {
        p.published();
        p.afterPublishing(100ms);
        const auto a = p.afterFailure(kSilence, 0);
        ASSERT_TRUE(a);
        EXPECT_TRUE(a->nameInUse);
        EXPECT_EQ(a->number, i) << "a start that lasts no time is none";
    }
    p.published();
    p.afterPublishing(3s);
    EXPECT_FALSE(p.afterFailure(kSilence, 0)->nameInUse);
}

TEST(ReconnectPolicy, WhatIsRefusedAfterASuccessIsTriedForAMinuteAtLeast) {
    const Error refused{Code::ServerClosed, "NetConnection.Connect.InvalidApp", 0, true};
    for (const char* text : {"default", "vendor", "3x0.2", "1x0.1", "1x600", "200x0.5"}) {
        SCOPED_TRACE(text);
        auto p = policy(text);
        EXPECT_TRUE(p.isFinal(refused));
        p.published();
        EXPECT_FALSE(p.isFinal(refused));
        p.afterPublishing(100s);
        EXPECT_EQ(p.afterFailure(kLost, 0)->number, 1);
        auto waited = 0ms;
        int number = 0;
        for (auto a = p.afterFailure(refused, 0); a; a = p.afterFailure(refused, 0)) {
            EXPECT_EQ(a->number, ++number);
            waited += a->delay;
        }
        EXPECT_GE(waited, 60s);
        p.published();
        p.afterPublishing(5s);
        (void)p.afterFailure(kLost, 0);
        EXPECT_EQ(p.afterFailure(refused, 0)->number, 1) << "in the next outage again";
    }
    auto off = policy("off");
    off.published();
    EXPECT_FALSE(off.afterFailure(refused, 0));
}

TEST(ReconnectPolicy, AServerThatTakesAndRefusesInTurnsIsLeftInTheEnd) {
    const Error kicked{Code::ServerClosed, "NetStream.Publish.Denied", 0, true};
    auto p = policy("3x0.2");
    int attempts = 0;
    for (p.published(), p.afterPublishing(3s); p.afterFailure(kicked, 0); p.published(), p.afterPublishing(3s)) ++attempts;
    EXPECT_EQ(attempts, 3);
}

TEST(ReconnectPolicy, AHealthyConnectionStartsTheCountAgain) {
    auto p = policy("vendor");
    (void)p.afterFailure(kLost, 0);
    p.afterPublishing(5s);
    EXPECT_EQ(p.afterFailure(kLost, 0)->number, 2);
    p.afterPublishing(30s);
    EXPECT_EQ(p.afterFailure(kLost, 0)->number, 1);
}

}  // namespace livepusher::session
