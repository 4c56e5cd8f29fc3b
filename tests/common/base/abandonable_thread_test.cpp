// SPDX-License-Identifier: MIT
#include "base/abandonable_thread.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <vector>

namespace livepusher::base {
namespace {

using namespace std::chrono_literals;

constexpr auto kLong = 60s;  // never waited for where all is right

/// A call that hangs until it is let go, and what it owns.
struct HungCall {
    std::promise<void> begun, release, gone;
    std::shared_future<void> released{release.get_future()};

    struct Owned {
        explicit Owned(HungCall& call) : gone(&call.gone) {}
        ~Owned() { gone->set_value(); }
        Owned(const Owned&) = delete;
        Owned& operator=(const Owned&) = delete;
        std::promise<void>* gone;
    };

    std::function<void()> body() {
        return [this, released = released, owned = std::make_shared<Owned>(*this)] {
            begun.set_value();
            released.wait();
        };
    }
};

TEST(AbandonableThread, WaitsForWhatComesToItsEnd) {
    AbandonableThread thread;
    bool ran = false;
    ASSERT_TRUE(thread.start("test", [&] { ran = true; }));
    EXPECT_TRUE(thread.end(kLong));
    EXPECT_TRUE(ran);
    EXPECT_FALSE(thread.started());
}

TEST(AbandonableThread, LeavesACallThatHangsToItselfAndItsThingsWithIt) {
    HungCall call;
    {
        AbandonableThread thread;
        ASSERT_TRUE(thread.start("test", call.body()));
        call.begun.get_future().wait();
        EXPECT_FALSE(thread.end(1ms));
    }
    auto gone = call.gone.get_future();
    EXPECT_EQ(gone.wait_for(0s), std::future_status::timeout);
    call.release.set_value();
    EXPECT_EQ(gone.wait_for(kLong), std::future_status::ready);
}

TEST(AbandonableThread, IsLeftByItsDestructorToo) {
    HungCall call;
    {
        AbandonableThread thread;
        ASSERT_TRUE(thread.start("test", call.body()));
        call.begun.get_future().wait();
    }
    call.release.set_value();
    EXPECT_EQ(call.gone.get_future().wait_for(kLong), std::future_status::ready);
}

TEST(AbandonableThread, IsOverOnlyWhenWhatItOwnedIsGone) {
    HungCall destruction;
    struct Slow {
        explicit Slow(HungCall& c) : call(c) {}
        ~Slow() { call.released.wait(); }
        Slow(const Slow&) = delete;
        Slow& operator=(const Slow&) = delete;
        HungCall& call;
    };
    AbandonableThread thread;
    ASSERT_TRUE(thread.start("test", [owned = std::make_shared<Slow>(destruction)] {}));
    EXPECT_FALSE(thread.wait(1ms));
    destruction.release.set_value();
    EXPECT_TRUE(thread.end(kLong));
}

TEST(AbandonableThread, IsStartedAgainAfterItsEnd) {
    AbandonableThread thread;
    int runs = 0;
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(thread.start("test", [&] { ++runs; }));
        EXPECT_TRUE(thread.end(kLong));
    }
    EXPECT_EQ(runs, 3);
}

/// Ends and calls that return race for each other; the sanitizers look on.
TEST(AbandonableThread, IsLeftInTheMomentThatItComesToItsEnd) {
    std::atomic<int> over{0};
    constexpr int kRounds = 500;
    for (int i = 0; i < kRounds; ++i) {
        auto word = std::make_shared<std::string>("owned by the thread");
        AbandonableThread thread;
        ASSERT_TRUE(thread.start("test", [word = std::move(word), &over] { over += word->empty() ? 0 : 1; }));
        if (i % 3 == 0) std::this_thread::yield();
        if (i % 2 == 0) thread.end(0ms);
    }
    while (over < kRounds) std::this_thread::yield();  // those that were left use what is here
}

}  // namespace
}  // namespace livepusher::base
