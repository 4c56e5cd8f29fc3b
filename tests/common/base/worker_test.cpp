// SPDX-License-Identifier: MIT
#include "base/worker.hpp"

#include <gtest/gtest.h>

#include <future>
#include <string>

#include "base/answer_within.hpp"

namespace livepusher::base {
namespace {

using namespace std::chrono_literals;

TEST(Worker, RunsAllThatWasPostedInItsOrder) {
    std::string done;
    Worker worker("test");
    for (const char letter : {'a', 'b', 'c'}) ASSERT_TRUE(worker.post([&done, letter] { done += letter; }));
    EXPECT_TRUE(worker.end(60s));
    EXPECT_EQ(done, "abc");
}

TEST(Worker, LeavesATaskThatHangsAndThoseBehindIt) {
    std::promise<void> begun, release;
    const auto over = std::make_shared<std::promise<void>>();
    auto left = over->get_future();
    const auto behind = std::make_shared<std::promise<void>>();
    auto never = behind->get_future();
    {
        Worker worker("test");
        ASSERT_TRUE(worker.post([&begun, released = release.get_future().share(), over] {
            begun.set_value();
            released.wait();
            over->set_value();
        }));
        ASSERT_TRUE(worker.post([behind] { behind->set_value(); }));
        begun.get_future().wait();
        EXPECT_FALSE(worker.end(1ms));
    }
    release.set_value();
    EXPECT_EQ(left.wait_for(60s), std::future_status::ready);
    EXPECT_EQ(never.wait_for(0s), std::future_status::timeout);
}

TEST(AnswerWithin, GivesTheAnswer) {
    EXPECT_EQ(answerWithin(60s, [] { return 7; }), 7);
}

TEST(AnswerWithin, LeavesAQuestionThatIsNotAnswered) {
    std::promise<void> release;
    EXPECT_FALSE(answerWithin(1ms, [released = release.get_future().share()] {
        released.wait();
        return 7;
    }));
    release.set_value();
}

}  // namespace
}  // namespace livepusher::base
