// SPDX-License-Identifier: MIT
// What is late on a machine that has too much to do, and what on a slow line: figures as the kernel gives them, handed in.
#include "pipeline/rate_controller.hpp"
#include "pipeline/slow_uplink.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace livepusher::pipeline {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr std::uint64_t kMade = 13'700;  ///< bytes a tick: 1000 + 96 kbps

class WaitCauseTest : public ::testing::Test {
protected:
    WaitCauseTest() {
        rate_.connected();
        for (int n = 0; n < 30; ++n) tick({.taken = kMade});
    }

    /// 100 ms: what the server took, and in what state that leaves the line.
    struct Tick {
        std::uint64_t taken = 0;
        std::uint64_t held =
            0;  ///< bytes that the kernel has, or all that wait if those are fewer; of them it sends all at once,
        std::uint64_t unsent = 0;  ///< but for these
        milliseconds busy{0}, unread{0};
        milliseconds roundTrip{0};
        bool cpuShort = false;
    };
    void tick(const Tick& t) {
        at_ += 100ms;
        made_ += skipping() ? kMade / 10 : kMade;
        taken_ = std::min(taken_ + t.taken, made_);
        use_.busy += t.busy;
        use_.unread += t.unread;
        const auto waiting = made_ - taken_;
        const auto age = [](std::uint64_t bytes) { return milliseconds(bytes * 100 / kMade); };
        const auto held = std::min(t.held, waiting);
        RateController::Sample sample{.at = at_,
                                      .acknowledged = taken_,
                                      .outstanding = waiting,
                                      .oldest = age(waiting),
                                      .minRtt = t.roundTrip,
                                      .encoded = made_ - made_ * 96 / 1096};
        if (told_) sample.kernel = {.unsent = std::min(t.unsent, held), .oldest = age(held), .use = use_};
        sample.cpuShort = t.cpuShort;
        last_ = rate_.tick(sample);
        slow_ += uplink_.tick(last_.lineDelay, last_.bitrate <= 200, last_.skip, at_);
    }
    void ticks(int count, const Tick& t) {
        for (int n = 0; n < count; ++n) tick(t);
    }
    bool skipping() const { return last_.skip; }
    void expectUntouched(const char* when) const {
        EXPECT_EQ(last_.bitrate, 1000) << when;
        EXPECT_FALSE(last_.skip) << when;
        EXPECT_EQ(slow_, 0) << when;
    }

    RateController rate_{{.min = 200, .max = 1000, .audio = 96}};
    RateController::Decision last_;
    SlowUplink uplink_;
    bool told_ = true;
    int slow_ = 0;  ///< how often 1101 would have been told
    RateController::Time at_{};

private:
    std::uint64_t made_ = 0, taken_ = 0;
    rtmp::LineUse use_;
};

TEST_F(WaitCauseTest, WhatOurOwnThreadsHaveNotHandedOnIsNoSlowLine) {
    for (int n = 0; n < 40; ++n) {
        tick({.taken = kMade * 7 / 10, .held = 4000, .busy = 4ms});
        expectUntouched("while the line has next to nothing to do");
    }
    EXPECT_GT(last_.delay, 1s) << "how late it is, is told all the same";
    ticks(5, {.taken = 10 * kMade});
    expectUntouched("when they have caught up");
    EXPECT_LT(last_.delay, 100ms);
}

TEST_F(WaitCauseTest, NorIsItOnALongWayThatAlwaysHasSomethingInFlight) {
    for (int n = 0; n < 40; ++n) {
        tick({.taken = kMade * 7 / 10, .held = kMade, .busy = 100ms, .roundTrip = 100ms});
        expectUntouched("while the kernel sends at once what it is given");
    }
}

TEST_F(WaitCauseTest, ALookThatFindsTheKernelAtWorkIsNoSlowLineEither) {
    for (int n = 0; n < 40; ++n) {
        tick({.taken = kMade * 7 / 10, .held = 16'384, .unsent = 16'384, .busy = 8ms});
        expectUntouched("it is busy for a moment, not for most of the time");
    }
}

TEST_F(WaitCauseTest, AServerThatGetsNoProcessorAndThenCatchesUpIsNoSlowLine) {
    for (int round = 0; round < 5; ++round) {
        tick({.taken = kMade / 2, .held = 60'000, .unsent = 9000, .busy = 60ms, .unread = 50ms, .cpuShort = true});
        for (int n = 0; n < 15; ++n) {
            tick({.held = 80'000, .unsent = 16'000, .busy = 100ms, .unread = 100ms, .cpuShort = true});
            expectUntouched("while it reads nothing");
        }
        for (int n = 0; n < 8; ++n) {
            tick({.taken = 4 * kMade,
                  .held = n < 3 ? 80'000U : 9000U,
                  .unsent = n < 2 ? 9000U : 0U,
                  .busy = 60ms,
                  .unread = 5ms,
                  .cpuShort = true});
            expectUntouched("while it catches up");
        }
    }
}

TEST_F(WaitCauseTest, OneThatStandsForSecondsIsOne) {
    ticks(45, {.held = 80'000, .unsent = 16'000, .busy = 100ms, .unread = 100ms, .cpuShort = true});
    EXPECT_LT(last_.bitrate, 1000);
    EXPECT_TRUE(last_.skip);
    EXPECT_EQ(slow_, 1);
}

TEST_F(WaitCauseTest, OneThatDoesNotReadWhileProcessorsAreFreeIsOneAtOnce) {
    ticks(6, {.held = 80'000, .unsent = 16'000, .busy = 100ms, .unread = 100ms});
    EXPECT_LT(last_.bitrate, 1000);
    EXPECT_TRUE(last_.skip);
    EXPECT_EQ(slow_, 1);
}

TEST_F(WaitCauseTest, AProxyThatReadsSlowlyIsTheLineHoweverBusyTheMachine) {
    ticks(10, {.taken = kMade / 3, .held = 80'000, .unsent = 16'000, .busy = 100ms, .unread = 95ms, .cpuShort = true});
    EXPECT_LT(last_.bitrate, 600);
    EXPECT_EQ(slow_, 1);
}

TEST_F(WaitCauseTest, SoIsOneThatReadsInGulpsAndTooLittle) {
    for (int round = 0; round < 3; ++round) {
        ticks(6, {.held = 80'000, .unsent = 16'000, .busy = 100ms, .unread = 100ms, .cpuShort = true});
        tick({.taken = 2 * kMade, .held = 80'000, .unsent = 16'000, .busy = 100ms, .unread = 60ms, .cpuShort = true});
    }
    EXPECT_LT(last_.bitrate, 1000);
    EXPECT_EQ(slow_, 1);
}

TEST_F(WaitCauseTest, ALineThatCarriesTooLittleIsTheLineHoweverBusyTheMachine) {
    ticks(10, {.taken = kMade / 3, .held = 80'000, .unsent = 12'000, .busy = 100ms, .cpuShort = true});
    EXPECT_LT(last_.bitrate, 600);
    EXPECT_TRUE(last_.skip || slow_ == 1);
}

TEST_F(WaitCauseTest, SoItIsWhereTheNetworkHoldsAllOfIt) {
    ticks(10, {.taken = kMade / 3, .held = 1'000'000, .busy = 100ms});
    EXPECT_LT(last_.bitrate, 600) << "nothing is unsent, and yet what is under way gets older";
}

TEST_F(WaitCauseTest, OurOwnLatenessInBetweenDoesNotHideASlowLine) {
    for (int n = 0; n < 10; ++n) {
        tick({.taken = kMade / 3, .held = 30'000, .unsent = 12'000, .busy = 100ms, .cpuShort = true});
        tick({.taken = kMade / 3, .held = 8000, .busy = 100ms, .cpuShort = true});
    }
    EXPECT_LT(last_.bitrate, 800);
}

TEST_F(WaitCauseTest, AKernelThatDoesNotTellLeavesItToTheDelay) {
    told_ = false;
    ticks(10, {.taken = kMade / 3});
    EXPECT_LT(last_.bitrate, 600);
}

TEST_F(WaitCauseTest, AnotherConnectionBeginsAnew) {
    ticks(6, {.held = 80'000, .unsent = 16'000, .busy = 100ms, .unread = 100ms, .cpuShort = true});
    rate_.connected();
    const int before = rate_.bitrate();
    ticks(30, {.taken = 20 * kMade, .busy = 2ms});
    EXPECT_GE(last_.bitrate, before);
}

}  // namespace
}  // namespace livepusher::pipeline
