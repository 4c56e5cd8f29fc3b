// SPDX-License-Identifier: MIT
#include "base/queue.hpp"
#include "base/latest.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace livepusher::base {

using Clock = std::chrono::steady_clock;

TEST(Queue, AFullOneEvictsItsOldestAndCounts) {
    Queue<int> q(2);
    for (const int i : {1, 2, 3}) q.push(i);
    EXPECT_EQ(q.pop(), 2);
    EXPECT_EQ(q.pop(), 3);
    EXPECT_EQ(q.dropped(), 1U);
}

TEST(Queue, AClosedOneTakesNothingAndDrains) {
    Queue<int> q(2);
    q.push(1);
    q.close();
    EXPECT_FALSE(q.push(2));
    EXPECT_EQ(q.pop(), 1);
    EXPECT_EQ(q.pop(), std::nullopt);
}

TEST(Queue, ClosingEndsAWait) {
    Queue<int> q(2);
    std::jthread closer([&] { q.close(); });
    EXPECT_EQ(q.pop(), std::nullopt);
}

TEST(Queue, AWakeEndsOneWaitAlsoWhenItCameBefore) {
    Queue<int> q(2);
    q.wake();
    EXPECT_EQ(q.popUntil(Clock::now() + std::chrono::hours(1)), std::nullopt);
    q.push(4);
    EXPECT_EQ(q.popUntil(Clock::now() + std::chrono::hours(1)), 4);
}

TEST(Queue, ADeadlineThatHasComeEndsAWait) {
    Queue<int> q(2);
    EXPECT_EQ(q.popUntil(Clock::now()), std::nullopt);
}

TEST(Latest, AReaderSeesWholeValuesWhenItChooses) {
    Latest<std::pair<int, int>> cell({1, 1});
    Latest<std::pair<int, int>>::Reader reader(cell);
    std::jthread writer([&] {
        for (int i = 2; i <= 1000; ++i) cell.publish({i, i});
    });
    while (reader->first < 1000) {
        reader.refresh();
        ASSERT_EQ(reader->first, reader->second);
    }
    writer.join();
    reader.refresh();
    EXPECT_FALSE(reader.refresh()) << "nothing newer";
}

}  // namespace livepusher::base
