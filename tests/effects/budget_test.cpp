// SPDX-License-Identifier: MIT
#include "effects/budget.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace livepusher::effects {
namespace {

using Time = Budget::Time;
using namespace std::chrono_literals;

constexpr Time kFrame = 40ms;

/// The steps after each second, at that cost a frame.
std::vector<int> seconds(Budget& budget, Time cost, int count) {
    std::vector<int> steps;
    for (int second = 0; second < count; ++second) {
        for (int frame = 0; frame < 25; ++frame) budget.frame(cost, kFrame);
        steps.push_back(budget.step());
    }
    return steps;
}

TEST(Budget, LeavesEverythingOnWhileThereIsTime) {
    Budget budget;
    EXPECT_EQ(seconds(budget, 15ms, 60).back(), 0);
}

TEST(Budget, GoesOneStepDownForEachSecondOfTooMuch) {
    Budget budget;
    const auto steps = seconds(budget, 30ms, 8);
    EXPECT_EQ(steps.front(), 0);
    EXPECT_EQ(steps.back(), Budget::kSteps);
    for (std::size_t i = 1; i < steps.size(); ++i) EXPECT_LE(steps[i] - steps[i - 1], 1);
}

TEST(Budget, ForgivesSingleSlowFrames) {
    Budget budget;
    for (int i = 0; i < 500; ++i) budget.frame(i % 25 == 0 ? 100ms : 5ms, kFrame);
    EXPECT_EQ(budget.step(), 0);
}

TEST(Budget, ComesBackAfterTenSecondsOfPlenty) {
    Budget budget;
    seconds(budget, 30ms, 8);
    const auto steps = seconds(budget, 4ms, 60);
    EXPECT_EQ(steps[8], Budget::kSteps);
    EXPECT_EQ(steps[12], Budget::kSteps - 1);
    EXPECT_EQ(steps.back(), 0);
}

TEST(Budget, StaysWhereItNeitherOverrunsNorHasPlenty) {
    Budget budget;
    seconds(budget, 30ms, 3);
    const int before = budget.step();
    EXPECT_GT(before, 0);
    EXPECT_EQ(seconds(budget, 14ms, 60).back(), before);
}

TEST(Budget, WaitsLongerAfterAStepUpThatDidNotHold) {
    Budget budget;
    std::vector<int> changes;
    int step = 0;
    for (int second = 0; second < 300; ++second) {  // too much with everything on, plenty one step down
        seconds(budget, budget.step() == 0 ? 30ms : 4ms, 1);
        if (budget.step() == 0 && step > 0) changes.push_back(second);
        step = budget.step();
    }
    ASSERT_GE(changes.size(), 3U);
    EXPECT_LE(changes.size(), 6U);
    EXPECT_GT(changes[2] - changes[1], changes[1] - changes[0]);
}

TEST(Budget, TakesFacesFirstAndSmoothingLast) {
    Budget budget;
    FaceMailbox mailbox;
    std::vector<FaceMailbox> boards;
    for (int step = 0; step <= Budget::kSteps; ++step) {
        budget.write(mailbox);
        boards.push_back(mailbox);
        while (budget.step() == step && step < Budget::kSteps) budget.frame(30ms, kFrame);
    }
    EXPECT_EQ(boards[0].trackEvery, 1);
    EXPECT_EQ(boards[1].trackEvery, 2);
    EXPECT_EQ(boards[1].skinEvery, 1);
    EXPECT_EQ(boards[2].trackEvery, 4);
    EXPECT_EQ(boards[2].skinEvery, 2);
    EXPECT_TRUE(boards[2].warp);
    EXPECT_FALSE(boards[3].warp);
    EXPECT_TRUE(boards[3].smooth);
    EXPECT_FALSE(boards[4].smooth);
}

TEST(Budget, TakesNothingOfATimeThatIsNone) {
    Budget budget;
    EXPECT_FALSE(budget.frame(30ms, 0ms));
    EXPECT_EQ(budget.step(), 0);
}

}  // namespace
}  // namespace livepusher::effects
