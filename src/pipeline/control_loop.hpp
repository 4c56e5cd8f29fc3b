// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <new>
#include <string>
#include <thread>
#include <utility>

namespace livepusher::pipeline {

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
    /// As post(), or tellNoMemory(): for threads that have nobody to tell of it. [any-thread]
    template <typename Call>
    void postOrTell(Call&& call) noexcept {
        try {
            post(std::forward<Call>(call));
        } catch (const std::bad_alloc&) {
            tellNoMemory();
        }
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

}  // namespace livepusher::pipeline
