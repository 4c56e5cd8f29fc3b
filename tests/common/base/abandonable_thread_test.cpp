// SPDX-License-Identifier: MIT
#include "base/abandonable_thread.hpp"

#include <gtest/gtest.h>

#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <future>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

namespace livepusher::base {
namespace {

using namespace std::chrono_literals;

constexpr auto kLong = 60s;       // never waited for where all is right
constexpr uid_t kNobody = 65534;  // has no other process: nor a thread beyond this one

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

TEST(AbandonableThread, TellsWhatItsBodyThrowsBeforeItIsOver) {
    std::string told;
    AbandonableThread thread;
    ASSERT_TRUE(thread.start(
        "test", [] { throw std::runtime_error("a defect"); }, [&](const Error& error) { told = error.message; }));
    EXPECT_TRUE(thread.end(kLong));
    EXPECT_EQ(told, "a defect");
}

TEST(AbandonableThread, IsOverAlsoWhereNotEvenThatCanBeTold) {
    AbandonableThread thread;
    ASSERT_TRUE(thread.start(
        "test", [] { throw std::bad_alloc(); }, [](const Error&) { throw std::bad_alloc(); }));
    EXPECT_TRUE(thread.end(kLong));
}

/// Ends and calls that return race for each other; the sanitizers look on.
TEST(AbandonableThread, IsLeftInTheMomentThatItComesToItsEnd) {
    struct Count {
        std::atomic<int> over{0};
    };
    const auto count = std::make_shared<Count>();
    constexpr int kRounds = 3000;
    AbandonableThread again;
    for (int i = 0; i < kRounds; ++i) {
        auto word = std::make_shared<std::string>("owned by the thread");
        const auto body = [word = std::move(word), count] { count->over += word->empty() ? 0 : 1; };
        AbandonableThread once;
        auto& thread = i % 5 == 0 ? again : once;                       // which leaves what ran before
        while (!thread.start("test", body)) std::this_thread::yield();  // the machine has no more until some have ended
        if (i % 3 == 0) std::this_thread::yield();
        if (i % 2 == 0) thread.end(0ms);
        if (i % 7 == 0) again = std::move(once);
    }
    while (count->over < kRounds) std::this_thread::yield();
}

/// For a process of its own: which step was not as it should be, or 0.
int startWithoutThreads() {
    if (geteuid() == 0 && setuid(kNobody) != 0) return 1;  // root has no limit
    const rlimit none{.rlim_cur = 1, .rlim_max = 1};
    if (setrlimit(RLIMIT_NPROC, &none) != 0) return 2;
    auto owned = std::make_shared<int>(0);
    const std::weak_ptr<int> seen = owned;
    for (int i = 0; i < 1000; ++i) {
        AbandonableThread thread;
        const auto started = thread.start("test", [owned = std::exchange(owned, {})] {});
        if (started || started.error().code != Code::InternalFailure || thread.started()) return 3;
        if (!thread.wait(kLong) || !thread.end(kLong) || !seen.expired()) return 4;
    }
    return 0;
}

TEST(AbandonableThreadDeathTest, SaysThatThereIsNoThreadToBeHad) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_EXIT(std::_Exit(startWithoutThreads()), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace livepusher::base
