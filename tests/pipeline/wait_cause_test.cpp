// SPDX-License-Identifier: MIT
// What is late on a busy machine, and what on a slow line: figures as the kernel gives them, handed in.
#include "pipeline/rate_controller.hpp"

#include <gtest/gtest.h>

namespace livepusher::pipeline {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kMade = 13'700;  ///< bytes a tick: 1000 + 96 kbps

class WaitCauseTest : public testing::Test {
protected:
    WaitCauseTest() {
        rate_.connected();
        for (int n = 0; n < 30; ++n) tick(kMade, 0ms, 0ms);
    }

    /// 100 ms in which the server took `taken` bytes, and the line was busy and unread for so long.
    RateController::Decision tick(std::uint64_t taken, std::chrono::milliseconds busy, std::chrono::milliseconds unread) {
        at_ += 100ms;
        made_ += kMade;
        taken_ = std::min(taken_ + taken, made_);
        use_.busy += busy;
        use_.unread += unread;
        const auto waiting = made_ - taken_;
        const auto oldest = std::chrono::milliseconds(waiting * 100 / kMade);
        return last_ = rate_.tick({.at = at_,
                                   .acknowledged = taken_,
                                   .outstanding = waiting,
                                   .oldest = oldest,
                                   .encoded = made_,
                                   .use = told_ ? std::optional(use_) : std::nullopt});
    }
    void expectAsBefore(const char* when) {
        EXPECT_EQ(last_.bitrate, 1000) << when;
        EXPECT_FALSE(last_.skip) << when;
    }

    RateController rate_{{.min = 200, .max = 1000, .audio = 96}};
    RateController::Decision last_;
    bool told_ = true;

private:
    RateController::Time at_{};
    std::uint64_t made_ = 0, taken_ = 0;
    rtmp::LineUse use_;
};

TEST_F(WaitCauseTest, WhatWaitsForOurOwnThreadsIsNoSlowLine) {
    for (int n = 0; n < 30; ++n) {
        tick(kMade * 7 / 10, 2ms, 0ms);
        expectAsBefore("while the line has nothing to do");
    }
    EXPECT_GT(last_.delay, 500ms) << "it is told how late it is all the same";
    EXPECT_TRUE(last_.elsewhere);
}

TEST_F(WaitCauseTest, NeitherIsAServerThatIsHeldUpAndThenCatchesUp) {
    for (int round = 0; round < 5; ++round) {
        tick(kMade, 100ms, 100ms);
        for (int n = 0; n < 15; ++n) {
            tick(0, 100ms, 100ms);
            if (n > 8) expectAsBefore("while it reads nothing");
        }
        for (int n = 0; n < 10; ++n) {
            tick(4 * kMade, 60ms, 10ms);
            expectAsBefore("while it catches up");
        }
    }
}

TEST_F(WaitCauseTest, OneThatNeverReadsIsOneInTheEnd) {
    for (int n = 0; n < 60; ++n) tick(0, 100ms, 100ms);
    EXPECT_FALSE(last_.elsewhere);
    EXPECT_LT(last_.bitrate, 1000);
    EXPECT_TRUE(last_.skip);
}

TEST_F(WaitCauseTest, AProxyThatReadsSlowlyIsTheLine) {
    for (int n = 0; n < 15; ++n) tick(kMade / 3, 100ms, 95ms);
    EXPECT_LT(last_.bitrate, 600);
    EXPECT_FALSE(last_.elsewhere);
}

TEST_F(WaitCauseTest, ALineThatCarriesNothingIsTheLine) {
    for (int n = 0; n < 10; ++n) tick(0, 100ms, 0ms);
    EXPECT_LT(last_.bitrate, 600);
    EXPECT_TRUE(last_.skip);
}

TEST_F(WaitCauseTest, AKernelThatDoesNotTellLeavesItToTheDelay) {
    told_ = false;
    for (int n = 0; n < 20; ++n) tick(kMade / 3, 0ms, 0ms);
    EXPECT_LT(last_.bitrate, 600);
}

}  // namespace
}  // namespace livepusher::pipeline
