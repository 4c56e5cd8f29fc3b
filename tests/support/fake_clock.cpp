// SPDX-License-Identifier: MIT
// Each function that tells the steady time, or waits by it, is replaced for all that is linked into the test (ld --wrap).
#include "fake_clock.hpp"

#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <ctime>
#include <functional>
#include <limits>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "sleeping_threads.hpp"

// NOLINTBEGIN(bugprone-reserved-identifier): the linker's names
extern "C" {
std::int64_t __real__ZNSt6chrono3_V212steady_clock3nowEv();
int __real_clock_gettime(clockid_t clock, timespec* time);
int __real_clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left);
int __real_nanosleep(const timespec* time, timespec* left);
int __real_poll(pollfd* all, nfds_t number, int most);
int __real_pthread_cond_clockwait(pthread_cond_t* changed, pthread_mutex_t* mutex, clockid_t clock, const timespec* until);
int __real_sched_yield();
int __real_sem_clockwait(sem_t* semaphore, clockid_t clock, const timespec* until);
// std::future's waits: std::__atomic_futex_unsigned_base::_M_futex_wait_until_steady(), its last two being seconds and the rest.
#define LIVEPUSHER_TEST_FUTEX_WAIT(prefix) \
    prefix##_ZNSt28__atomic_futex_unsigned_base26_M_futex_wait_until_steadyEPjjbNSt6chrono8durationIlSt5ratioILl1ELl1EEEENS2_IlS3_ILl1ELl1000000000EEEE
bool LIVEPUSHER_TEST_FUTEX_WAIT(__real_)(void* self, unsigned* at, unsigned value, bool timed, std::int64_t s, std::int64_t ns);
}

namespace livepusher {
namespace {

constexpr std::int64_t kMillisecond = 1'000'000, kSecond = 1'000'000'000;

std::int64_t count(const timespec& time) {
    if (time.tv_sec > std::numeric_limits<std::int64_t>::max() / kSecond) return std::numeric_limits<std::int64_t>::max();
    return time.tv_sec * kSecond + time.tv_nsec;
}
timespec spec(std::int64_t time) { return {.tv_sec = time / kSecond, .tv_nsec = time % kSecond}; }

/// Whoever waits for a moment.
struct Waiter {
    std::int64_t until;
    std::function<void()> wake;
    bool due = false;
};

class Time {
public:
    static Time& instance() {
        static Time* const one = new Time;  // threads that are left to themselves may ask for it at the process's end
        return *one;
    }

    bool isFake() const { return fake_; }
    std::int64_t now() const { return fake_ ? now_.load() : __real__ZNSt6chrono3_V212steady_clock3nowEv() + ahead_; }
    std::int64_t real(std::int64_t moment) const { return moment - ahead_; }

    /// Runs `wait`, which `wake` ends. True: the moment has come.
    template <typename Wait>
    bool until(std::int64_t moment, std::function<void()> wake, const Wait& wait) {
        std::list<Waiter> own;
        own.push_back({moment, std::move(wake)});
        const auto self = own.begin();
        {
            std::lock_guard lock(mutex_);
            if (now_ >= moment || !fake_) return true;  // where time is real again, who waits looks again
            waiters_.splice(waiters_.end(), own);
        }
        wait();
        std::lock_guard lock(mutex_);
        own.splice(own.end(), waiters_, self);
        return self->due;
    }

    void begin() {
        now_ = now();
        fake_ = true;
        stop_ = false;
        thread_ = std::thread([this] { run(); });
    }
    void end() {
        stop_ = true;
        thread_.join();
        std::lock_guard lock(mutex_);
        const auto real = __real__ZNSt6chrono3_V212steady_clock3nowEv();
        ahead_ = std::max<std::int64_t>(now_ - real, ahead_);
        fake_ = false;
        for (auto& waiter : waiters_) waiter.wake();
    }

private:
    void run() {
        SleepingThreads others;
        const auto pause = spec(30'000);
        while (!stop_) {
            __real_nanosleep(&pause, nullptr);
            if (!others.all()) continue;
            std::lock_guard lock(mutex_);
            auto next = std::numeric_limits<std::int64_t>::max();
            for (const auto& waiter : waiters_)
                if (!waiter.due) next = std::min(next, waiter.until);
            if (next == std::numeric_limits<std::int64_t>::max()) continue;
            if (next > now_) now_ = next;
            for (auto& waiter : waiters_) {
                if (waiter.due || waiter.until > now_) continue;
                waiter.due = true;
                waiter.wake();
            }
        }
    }

    std::atomic<bool> fake_{false}, stop_{false};
    std::atomic<std::int64_t> now_{0}, ahead_{0};
    std::mutex mutex_;
    std::list<Waiter> waiters_;
    std::thread thread_;
};

void sleepUntil(std::int64_t moment) {
    std::mutex mutex;
    std::condition_variable woken;
    bool due = false;
    Time::instance().until(
        moment,
        [&] {
            std::lock_guard lock(mutex);
            due = true;
            woken.notify_one();
        },
        [&] {
            std::unique_lock lock(mutex);
            woken.wait(lock, [&] { return due; });
        });
}

}  // namespace
}  // namespace livepusher

using livepusher::Time;

extern "C" {

// std::chrono::steady_clock::now(), which gives a number of nanoseconds.
std::int64_t __wrap__ZNSt6chrono3_V212steady_clock3nowEv() { return Time::instance().now(); }

int __wrap_clock_gettime(clockid_t clock, timespec* time) {
    if (clock != CLOCK_MONOTONIC) return __real_clock_gettime(clock, time);
    *time = livepusher::spec(Time::instance().now());
    return 0;
}

int __wrap_pthread_cond_clockwait(pthread_cond_t* changed, pthread_mutex_t* mutex, clockid_t clock, const timespec* until) {
    auto& time = Time::instance();
    if (clock == CLOCK_MONOTONIC && time.isFake())
        return time.until(
                   livepusher::count(*until), [changed] { pthread_cond_broadcast(changed); },
                   [&] { pthread_cond_wait(changed, mutex); })
                   ? ETIMEDOUT
                   : 0;
    const auto at = clock == CLOCK_MONOTONIC ? livepusher::spec(time.real(livepusher::count(*until))) : *until;
    return __real_pthread_cond_clockwait(changed, mutex, clock, &at);
}

int __wrap_sem_clockwait(sem_t* semaphore, clockid_t clock, const timespec* until) {
    auto& time = Time::instance();
    if (clock == CLOCK_MONOTONIC && time.isFake()) {
        if (sem_trywait(semaphore) == 0) return 0;
        if (!time.until(
                livepusher::count(*until), [semaphore] { sem_post(semaphore); }, [semaphore] { sem_wait(semaphore); }))
            return 0;
        errno = ETIMEDOUT;
        return -1;
    }
    const auto at = clock == CLOCK_MONOTONIC ? livepusher::spec(time.real(livepusher::count(*until))) : *until;
    return __real_sem_clockwait(semaphore, clock, &at);
}

int __wrap_nanosleep(const timespec* length, timespec* left) {
    auto& time = Time::instance();
    if (!time.isFake()) return __real_nanosleep(length, left);
    livepusher::sleepUntil(time.now() + livepusher::count(*length));
    return 0;
}

int __wrap_clock_nanosleep(clockid_t clock, int flags, const timespec* length, timespec* left) {
    auto& time = Time::instance();
    if (clock != CLOCK_MONOTONIC || !time.isFake()) return __real_clock_nanosleep(clock, flags, length, left);
    livepusher::sleepUntil(((flags & TIMER_ABSTIME) != 0 ? 0 : time.now()) + livepusher::count(*length));
    return 0;
}

/// Who lets others go first waits for something: time goes on meanwhile.
int __wrap_sched_yield() {
    auto& time = Time::instance();
    if (!time.isFake()) return __real_sched_yield();
    livepusher::sleepUntil(time.now() + livepusher::kMillisecond);
    return 0;
}

int __wrap_poll(pollfd* all, nfds_t number, int most) {
    auto& time = Time::instance();
    if (most <= 0 || !time.isFake()) return __real_poll(all, number, most);
    const int event = eventfd(0, EFD_CLOEXEC);
    if (event == -1) return __real_poll(all, number, most);
    std::vector<pollfd> more(all, all + number);
    more.push_back({event, POLLIN, 0});
    int ready = 0;
    time.until(
        time.now() + most * livepusher::kMillisecond,
        [event] {
            const std::uint64_t one = 1;
            (void)!write(event, &one, sizeof one);
        },
        [&] { ready = __real_poll(more.data(), more.size(), -1); });
    close(event);
    std::copy_n(more.begin(), number, all);
    return ready > 0 && more.back().revents != 0 ? ready - 1 : ready;
}

bool LIVEPUSHER_TEST_FUTEX_WAIT(__wrap_)(void* self, unsigned* at, unsigned value, bool timed, std::int64_t s, std::int64_t ns) {
    auto& time = Time::instance();
    const auto until = s * livepusher::kSecond + ns;
    if (timed && time.isFake())
        return !time.until(
            until, [at] { syscall(SYS_futex, at, FUTEX_WAKE, std::numeric_limits<int>::max(), nullptr, nullptr, 0); },
            [&] { syscall(SYS_futex, at, FUTEX_WAIT, value, nullptr, nullptr, 0); });
    const auto real = timed ? time.real(until) : until;
    return LIVEPUSHER_TEST_FUTEX_WAIT(__real_)(self, at, value, timed, real / livepusher::kSecond, real % livepusher::kSecond);
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier)

namespace livepusher {

FakeClock::FakeClock() { Time::instance().begin(); }
FakeClock::~FakeClock() { Time::instance().end(); }

}  // namespace livepusher
