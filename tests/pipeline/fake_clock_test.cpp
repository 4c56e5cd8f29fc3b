// SPDX-License-Identifier: MIT
// The clock that the sessions' tests go by. The sleeps here are its own and take no time: what they do to it is looked at.
#include "fake_clock.hpp"

#include "base/event_fd.hpp"
#include "fake_idle.hpp"
#include "pipeline/audio_ring.hpp"
#include "session/control_loop.hpp"

#include <gtest/gtest.h>

#include <sys/eventfd.h>

#include <future>
#include <vector>

namespace livepusher {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

TEST(FakeClock, GoesOnAtOnceWhereAllWait) {
    const FakeClock clock;
    const auto begin = Clock::now();
    std::this_thread::sleep_for(1h);
    EXPECT_EQ(Clock::now() - begin, 1h) << "and to the nanosecond";
    EXPECT_EQ(now(), std::chrono::duration_cast<Timestamp>(Clock::now().time_since_epoch()));
}

TEST(FakeClock, StandsStillWhileAnyThreadWorks) {
    const FakeClock clock;
    std::atomic<bool> over{false};
    std::thread works([&] {
        std::uint64_t sum = 0;
        for (int i = 0; i < 20'000'000; ++i) sum += static_cast<unsigned>(i) * sum + 1;
        EXPECT_NE(sum, 0U);
        over = true;
    });
    std::this_thread::sleep_for(1ms);
    EXPECT_TRUE(over);
    works.join();
}

TEST(FakeClock, WakesEachInTheOrderOfTheirMoments) {
    const FakeClock clock;
    const auto begin = Clock::now();
    std::vector<std::pair<int, Clock::duration>> woken;
    session::ControlLoop loop("test");
    std::promise<void> last;
    for (const int at : {300, 100, 200})
        loop.postAfter(std::chrono::milliseconds(at), [&, at] {
            woken.emplace_back(at, Clock::now() - begin);
            if (at == 300) last.set_value();
        });
    last.get_future().wait();
    EXPECT_EQ(woken, (std::vector<std::pair<int, Clock::duration>>{{100, 100ms}, {200, 200ms}, {300, 300ms}}));
}

TEST(FakeClock, EndsEachKindOfWait) {
    const FakeClock clock;
    const auto begin = Clock::now();
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock lock(mutex);
    EXPECT_FALSE(never.wait_for(lock, 10s, [] { return false; }));
    EXPECT_EQ(Clock::now() - begin, 10s);
    pipeline::AudioRing ring;
    EXPECT_EQ(ring.waitUntil(begin + 20s), nullptr);
    EXPECT_EQ(Clock::now() - begin, 20s);
    ASSERT_TRUE(rtmp::test::idle(begin + 30s, {}, {}));
    EXPECT_EQ(Clock::now() - begin, 30s);
    std::promise<void> unkept;
    EXPECT_EQ(unkept.get_future().wait_for(10s), std::future_status::timeout);
    EXPECT_EQ(Clock::now() - begin, 40s);
    std::this_thread::yield();
    EXPECT_EQ(Clock::now() - begin, 40s + 1ms);
}

TEST(FakeClock, LeavesWaitsThatEndBefore) {
    const FakeClock clock;
    const auto begin = Clock::now();
    const base::EventFd wake;
    std::thread other([&] {
        std::this_thread::sleep_for(1s);
        wake.signal();
    });
    ASSERT_TRUE(rtmp::test::idle(begin + 1h, wake, {}));
    EXPECT_EQ(Clock::now() - begin, 1s);
    other.join();
}

TEST(FakeClock, NeverGoesBack) {
    auto last = Clock::now();
    for (const auto length : {0ms, 1000ms, 0ms}) {
        const FakeClock clock;
        EXPECT_GE(Clock::now(), last);
        std::this_thread::sleep_for(length);
        last = Clock::now();
    }
    EXPECT_GE(Clock::now(), last);
}

}  // namespace
}  // namespace livepusher
