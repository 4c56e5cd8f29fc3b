// SPDX-License-Identifier: MIT
#include "speaker/turn.hpp"

#include <gtest/gtest.h>

#include <array>
#include <thread>
#include <vector>

#include "counted_source.hpp"

namespace livepusher::speaker {
namespace {

using namespace std::chrono_literals;

constexpr Turn::Holder kDevice = Turn::kFirstDevice;

TEST(Turn, OnlyItsHolderTakesSamplesAndTellsWhatIsHeard) {
    test::CountedSource source;
    Turn turn(source);
    std::array<float, 20> block{};
    EXPECT_FALSE(turn.fill(kDevice, block));
    EXPECT_FALSE(turn.tell(kDevice, 0, 1s));
    ASSERT_TRUE(turn.take(kDevice));
    EXPECT_TRUE(turn.fill(kDevice, block));
    EXPECT_EQ(block[18], 9.0F);
    EXPECT_EQ(turn.filled(), 10);
    EXPECT_FALSE(turn.heard());
    EXPECT_TRUE(turn.tell(kDevice, 7, 2s));
    ASSERT_TRUE(turn.heard());
    EXPECT_EQ(turn.heard()->frames, 7);
    EXPECT_EQ(turn.heard()->at, 2s);
    ASSERT_TRUE(turn.take(Turn::kClock));
    EXPECT_FALSE(turn.fill(kDevice, block));
    EXPECT_FALSE(turn.tell(kDevice, 8, 3s));
    EXPECT_EQ(turn.heard()->frames, 7);
    EXPECT_EQ(turn.filled(), 10);
}

TEST(Turn, EachHolderAndEachNewBeginningHasALineOfItsOwn) {
    test::CountedSource source;
    Turn turn(source);
    turn.take(kDevice);
    turn.tell(kDevice, 1, 1s);
    const auto first = turn.heard()->line;
    turn.tell(kDevice, 2, 2s);
    EXPECT_EQ(turn.heard()->line, first);
    EXPECT_TRUE(turn.beginLine(kDevice));
    EXPECT_FALSE(turn.beginLine(Turn::kClock));
    turn.tell(kDevice, 3, 3s);
    const auto second = turn.heard()->line;
    EXPECT_NE(second, first);
    turn.take(Turn::kClock);
    turn.tell(Turn::kClock, 4, 4s);
    EXPECT_NE(turn.heard()->line, second);
}

TEST(Turn, IsTakenFromOneOnlyAsLongAsThatHasIt) {
    test::CountedSource source;
    Turn turn(source);
    turn.take(kDevice);
    EXPECT_FALSE(turn.take(kDevice + 1, Turn::kClock));
    EXPECT_EQ(turn.holder(), kDevice);
    EXPECT_TRUE(turn.take(kDevice, Turn::kClock));
    EXPECT_FALSE(turn.take(kDevice, Turn::kClock));
    EXPECT_EQ(turn.holder(), Turn::kClock);
}

TEST(Turn, ClosedItIsNobodysForGood) {
    test::CountedSource source;
    Turn turn(source);
    turn.take(kDevice);
    turn.close();
    std::array<float, 2> block{};
    EXPECT_FALSE(turn.fill(kDevice, block));
    EXPECT_FALSE(turn.take(kDevice + 1));
    EXPECT_FALSE(turn.take(turn.holder(), Turn::kClock));
    EXPECT_FALSE(turn.fill(kDevice + 1, block));
    turn.close();
    EXPECT_EQ(source.frames, 0);
}

TEST(Turn, WhoeverTakesItWhileSamplesAreTakenWaitsForTheirEnd) {
    test::CountedSource source;
    Turn turn(source);
    std::atomic<int> running{3};
    std::vector<std::thread> threads;
    for (Turn::Holder holder = kDevice; holder < kDevice + 3; ++holder)
        threads.emplace_back([&, holder] {
            std::array<float, 64> block{};
            for (int n = 0; n < 3000; ++n) {
                turn.take(holder);
                const auto first = turn.filled();
                // The frame's number is its moment, so that halves of two would be seen.
                if (turn.fill(holder, block)) turn.tell(holder, first, Timestamp(first));
            }
            --running;
        });
    std::int64_t read = 0;
    while (running > 0) {
        if (const auto heard = turn.heard()) {
            EXPECT_EQ(heard->frames, heard->at.count());
            ++read;
        }
        std::this_thread::yield();
    }
    for (auto& thread : threads) thread.join();
    EXPECT_GT(read, 0);
    EXPECT_FALSE(source.broken);
    EXPECT_EQ(source.frames, turn.filled());
    turn.close();
    source.forbidden = true;
    std::array<float, 64> block{};
    for (Turn::Holder holder = kDevice; holder < kDevice + 3; ++holder) EXPECT_FALSE(turn.fill(holder, block));
    EXPECT_FALSE(source.broken);
}

}  // namespace
}  // namespace livepusher::speaker
