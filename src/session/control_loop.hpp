// SPDX-License-Identifier: MIT
#pragma once

#include "session/lifetime.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <new>
#include <thread>
#include <utility>

namespace livepusher::session {

/// Runs tasks one at a time, in order of their time, on a thread of its own.
class ControlLoop {
public:
    using Task = std::function<void()>;
    using Clock = std::chrono::steady_clock;

    explicit ControlLoop(const char* threadName);
    ~ControlLoop() { join(); }
    ControlLoop(const ControlLoop&) = delete;
    ControlLoop& operator=(const ControlLoop&) = delete;

    void post(Task task) { postAt(Clock::now(), std::move(task)); }  ///< [any-thread]
    void postAfter(std::chrono::milliseconds delay, Task task) {
        postAt(Clock::now() + delay, std::move(task));
    }  ///< [any-thread]

    /// What is to be done when a task was broken off or not even posted, for want of memory. Before the first post.
    void onNoMemory(Task task) { onNoMemory_ = std::move(task); }
    /// Somebody has no memory to post what he has to say: that is said instead. [any-thread]
    void tellNoMemory() noexcept;
    /// Posts report(arguments...), as std::invoke has it, which runs while `stretch` lasts. Posts nothing when it is over
    /// already: then the loop itself may be gone. Without memory tellNoMemory() is called instead. [any-thread]
    template <typename Report, typename... Arguments>
    void report(const Lifetime::Stretch& stretch, const Report& report, Arguments&&... arguments) noexcept {
        stretch.during([&] {
            try {
                post([stretch, report, ... arguments = std::forward<Arguments>(arguments)]() mutable {
                    if (stretch.lasts()) std::invoke(report, std::move(arguments)...);
                });
            } catch (const std::bad_alloc&) {
                tellNoMemory();
            }
        });
    }
    /// A function that reports whatever it is called with; it may be called on any thread, and still when the loop is gone.
    template <typename Report>
    auto bind(const Lifetime& life, Report report) {
        return [this, stretch = life.now(), report = std::move(report)](auto&&... arguments) {
            this->report(stretch, report, std::forward<decltype(arguments)>(arguments)...);
        };
    }

    /// Runs what is due, forgets timers, ends the thread. Tasks posted from now on are dropped.
    void join();

private:
    void postAt(Clock::time_point when, Task task);
    void run(const char* threadName);
    void perform(const char* threadName, const Task& task);

    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::pair<Clock::time_point, std::uint64_t>, Task> tasks_;
    std::uint64_t posted_ = 0;
    Task onNoMemory_;
    bool noMemory_ = false;  ///< and it is not told yet
    bool closing_ = false;
    std::thread thread_;
};

}  // namespace livepusher::session
