// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "base/abandonable_thread.hpp"

namespace livepusher::base {

/// Runs tasks one after another on a thread of its own, which one that never returns may keep: each must own all that it
/// uses.
class Worker {
public:
    explicit Worker(const char* threadName) : name_(threadName) {}
    ~Worker() { end(std::chrono::milliseconds::zero()); }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// The first begins the thread. Errors: as of startThread(); the task is not run then. [any-thread, one at a time]
    Result<void> post(std::function<void()> task) {
        {
            std::lock_guard lock(state_->mutex);
            state_->tasks.push_back(std::move(task));
        }
        state_->changed.notify_all();
        if (thread_.started()) return {};
        auto started = thread_.start(name_, [state = state_] { run(*state); });
        if (!started) {
            std::lock_guard lock(state_->mutex);
            state_->tasks.clear();
        }
        return started;
    }

    /// Waits until all is done that was posted, as long as no task takes longer than `each`. False: one does; it and those
    /// behind it are left.
    bool end(std::chrono::milliseconds each) {
        if (!thread_.started()) return true;
        std::unique_lock lock(state_->mutex);
        state_->ending = true;
        state_->changed.notify_all();
        for (auto before = state_->done; !state_->idle();) {
            if (!state_->changed.wait_for(lock, each, [&] { return state_->idle() || state_->done != before; })) break;
            before = state_->done;
        }
        const bool idle = state_->idle();
        if (!idle) state_->tasks.clear();
        lock.unlock();
        if (!idle) thread_.leave();
        return idle && thread_.end(each);
    }

private:
    struct State {
        std::mutex mutex;
        std::condition_variable changed;
        std::deque<std::function<void()>> tasks;
        bool busy = false, ending = false;
        std::size_t done = 0;
        bool idle() const { return !busy && tasks.empty(); }
    };

    static void run(State& state) {
        std::unique_lock lock(state.mutex);
        while (true) {
            state.changed.wait(lock, [&] { return state.ending || !state.tasks.empty(); });
            if (state.tasks.empty()) return;
            auto task = std::move(state.tasks.front());
            state.tasks.pop_front();
            state.busy = true;
            lock.unlock();
            if (const auto done = attempt([&] { task(); }); !done)
                log(LogLevel::Error, "an exception ended a task: " + done.error().message);
            task = {};
            lock.lock();
            state.busy = false;
            ++state.done;
            state.changed.notify_all();
        }
    }

    const char* const name_;
    const std::shared_ptr<State> state_ = std::make_shared<State>();
    AbandonableThread thread_;
};

}  // namespace livepusher::base
