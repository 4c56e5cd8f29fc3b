// SPDX-License-Identifier: MIT
#include "session/control_loop.hpp"

#include <gtest/gtest.h>

#include <future>
#include <new>
#include <vector>

namespace livepusher::session {

using namespace std::chrono_literals;

TEST(ControlLoop, TasksRunInTheOrderOfTheirTime) {
    std::vector<int> order;
    std::promise<void> done;
    ControlLoop loop("test");
    loop.postAfter(30ms, [&] { done.set_value(); });
    loop.postAfter(10ms, [&] { order.push_back(3); });
    loop.post([&] { order.push_back(1); });
    loop.post([&] { order.push_back(2); });
    done.get_future().wait();
    EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
}

TEST(ControlLoop, JoinRunsWhatIsDueAndForgetsTimers) {
    bool due = false;
    bool later = false;
    ControlLoop loop("test");
    loop.post([&] { due = true; });
    loop.postAfter(1h, [&] { later = true; });
    loop.join();
    loop.post([&] { later = true; });
    EXPECT_TRUE(due);
    EXPECT_FALSE(later);
}

TEST(ControlLoop, ATaskMayPostAnother) {
    std::promise<int> got;
    ControlLoop loop("test");
    loop.post([&] { loop.post([&] { got.set_value(7); }); });
    EXPECT_EQ(got.get_future().get(), 7);
}

TEST(ControlLoop, TellsWhenATaskIsBrokenOffForWantOfMemoryAndGoesOn) {
    ControlLoop loop("test");
    std::promise<void> told, next;
    loop.onNoMemory([&] { told.set_value(); });
    loop.post([] { throw std::bad_alloc(); });
    told.get_future().get();
    loop.post([&] { next.set_value(); });
    next.get_future().get();
}

TEST(ControlLoop, TellsWhenThereIsNoMemoryToPost) {
    struct Heavy {
        Heavy() = default;
        Heavy(const Heavy&) { throw std::bad_alloc(); }
    };
    ControlLoop loop("test");
    std::promise<void> told;
    loop.onNoMemory([&] { told.set_value(); });
    const Lifetime life;
    const Heavy heavy;
    loop.bind(life, [](const Heavy&) { ADD_FAILURE(); })(heavy);
    told.get_future().get();
}

}  // namespace livepusher::session
