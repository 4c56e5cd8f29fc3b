// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "base/thread.hpp"

namespace livepusher::base {

/// A thread for calls that may never return: of a driver, a file system, a server behind a library. Whoever started it
/// waits for its end as long as it wants, and then leaves it to itself; so its body must own all that it uses, which is
/// destroyed on that thread, whenever the call returns. Belongs to one thread.
class AbandonableThread {
public:
    AbandonableThread() = default;
    AbandonableThread(AbandonableThread&&) noexcept = default;
    AbandonableThread& operator=(AbandonableThread&& other) noexcept {
        leave();
        state_ = std::move(other.state_);
        thread_ = std::move(other.thread_);
        return *this;
    }
    ~AbandonableThread() { leave(); }

    using OnError = std::function<void(const Error&)>;

    /// What ran before is left to itself. What `body` throws goes to `onError`, on the thread; without one, the log is told.
    /// Errors: as of startThread(); both are destroyed then.
    Result<void> start(const char* name, std::function<void()> body, OnError onError = logError) {
        leave();
        auto state = std::make_shared<State>();
        auto thread = startThread(name, [state, run = std::move(body), failed = std::move(onError)]() mutable {
            if (const auto ran = attempt([&] { run(); }); !ran)
                (void)attempt([&] { failed(ran.error()); });  // which may want memory too; then it ends in silence
            run = {};                                         // what they owned may take as long to go
            failed = {};
            {
                std::lock_guard lock(state->mutex);
                state->over = true;
            }
            state->changed.notify_all();
        });
        if (!thread) return thread.error();
        state_ = std::move(state);
        thread_ = std::move(*thread);
        return {};
    }

    bool started() const { return thread_.joinable(); }  ///< and not yet ended by end()

    /// Waits until the body is over and all it owned is gone, so long at most. True: it is over, or was never started.
    bool wait(std::chrono::milliseconds most) {
        if (!thread_.joinable()) return true;
        std::unique_lock lock(state_->mutex);
        return state_->changed.wait_for(lock, most, [&] { return state_->over; });
    }

    /// The same; what is not over by then is left to itself. False: it was.
    bool end(std::chrono::milliseconds most) {
        if (!thread_.joinable()) return true;
        if (!wait(most)) {
            leave();
            return false;
        }
        thread_.join();
        return true;
    }

    /// Leaves it to itself without a look at it, as a fork() has to, in which it does not run.
    void leave() {
        if (thread_.joinable()) thread_.detach();
    }

private:
    struct State {
        std::mutex mutex;
        std::condition_variable changed;
        bool over = false;
    };
    static void logError(const Error& error) { log(LogLevel::Error, "an exception ended a thread: " + error.message); }

    std::shared_ptr<State> state_;
    std::thread thread_;
};

}  // namespace livepusher::base
