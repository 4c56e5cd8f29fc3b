// SPDX-License-Identifier: MIT
#include "session/lifetime.hpp"

#include "session/control_loop.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace livepusher::session {
namespace {

/// Runs `task` on the loop, and all that was posted before it.
template <typename Task>
void run(ControlLoop& loop, Task task) {
    std::promise<void> done;
    loop.post([&] {
        task();
        done.set_value();
    });
    done.get_future().get();
}

TEST(Lifetime, AReportRunsOnControlWithWhatItWasCalledWith) {
    ControlLoop loop("test");
    const Lifetime life;
    std::promise<std::pair<std::string, std::thread::id>> got;
    const auto report = loop.bind(life, [&](std::string what, int number) {
        got.set_value({what + std::to_string(number), std::this_thread::get_id()});
    });
    report(std::string("x"), 7);
    const auto [what, thread] = got.get_future().get();
    EXPECT_EQ(what, "x7");
    run(loop, [&, there = thread] { EXPECT_EQ(std::this_thread::get_id(), there); });
}

TEST(Lifetime, RenewedItDropsWhatWasBoundAndWhatIsOnItsWay) {
    ControlLoop loop("test");
    Lifetime life;
    std::vector<std::string> told;
    const auto before = loop.bind(life, [&](const char* what) { told.emplace_back(what); });
    run(loop, [&] {
        before("on its way");
        life.renew();
    });
    before("bound before");
    const auto after = loop.bind(life, [&](const char* what) { told.emplace_back(what); });
    after("bound after");
    run(loop, [&] { EXPECT_EQ(told, std::vector<std::string>{"bound after"}); });
}

TEST(Lifetime, GoneItDropsWhatWasBoundAlsoWhenTheLoopIsGone) {
    auto loop = std::make_unique<ControlLoop>("test");
    auto life = std::make_unique<Lifetime>();
    bool told = false;
    const auto bound = loop->bind(*life, [&] { told = true; });
    auto guarded = life->guard([&] { told = true; });
    life.reset();
    bound();
    loop.reset();
    bound();
    guarded();
    EXPECT_FALSE(told);
}

TEST(Lifetime, AGuardedCallRunsAtOnceWhileItLasts) {
    Lifetime life;
    int sum = 0;
    auto add = life.guard([&](int number) { sum += number; });
    add(3);
    life.renew();
    add(5);
    EXPECT_EQ(sum, 3);
}

/// Threads that nobody waits for report while what they report to is renewed and goes, with its loop.
TEST(Lifetime, ThreadsMayReportToWhatComesAndGoes) {
    struct Listener {
        explicit Listener(ControlLoop& loop) : loop_(loop) {}
        auto report() {
            return loop_.bind(life_, [this](int number) { heard_ += number; });
        }
        ControlLoop& loop_;
        std::int64_t heard_ = 0;  // control's: a report that comes when it is gone is seen by the sanitizers
        Lifetime life_;
    };
    constexpr int kRounds = 60;
    constexpr int kThreads = 3;
    for (int round = 0; round < kRounds; ++round) {
        auto loop = std::make_unique<ControlLoop>("test");
        std::atomic<bool> stop{false};
        std::atomic<int> reporting{0};
        auto listener = std::make_unique<Listener>(*loop);
        std::vector<std::thread> threads;
        for (int i = 0; i < kThreads; ++i)
            threads.emplace_back([&, report = listener->report()] {
                ++reporting;
                while (!stop) {
                    report(1);
                    std::this_thread::yield();
                }
            });
        while (reporting < kThreads) std::this_thread::yield();
        run(*loop, [&] {
            if (round % 2 == 0) listener->life_.renew();
            listener.reset();
        });
        loop.reset();
        stop = true;
        for (auto& thread : threads) thread.join();
    }
}

}  // namespace
}  // namespace livepusher::session
