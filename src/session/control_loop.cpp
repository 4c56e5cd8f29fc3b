// SPDX-License-Identifier: MIT
#include "session/control_loop.hpp"

#include "base/attempt.hpp"
#include "base/log.hpp"
#include "base/thread_name.hpp"

namespace livepusher::session {

ControlLoop::ControlLoop(const char* threadName) : thread_([this, threadName] { run(threadName); }) {}

void ControlLoop::postAt(Clock::time_point when, Task task) {
    {
        std::lock_guard lock(mutex_);
        if (closing_) return;
        tasks_.emplace(std::pair{when, posted_++}, std::move(task));
    }
    changed_.notify_one();
}

void ControlLoop::tellNoMemory() noexcept {
    {
        std::lock_guard lock(mutex_);
        noMemory_ = true;
    }
    changed_.notify_one();
}

void ControlLoop::join() {
    {
        std::lock_guard lock(mutex_);
        closing_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void ControlLoop::perform(const char* threadName, const Task& task) {
    const auto done = base::attempt([&] { task(); });  // not of a copy, which wants memory
    if (done) return;
    (void)base::attempt(
        [&] { base::log(LogLevel::Error, std::string(threadName) + ": an exception ended a task: " + done.error().message); });
    tellNoMemory();
}

void ControlLoop::run(const char* threadName) {
    base::nameThread(threadName);
    std::unique_lock lock(mutex_);
    for (;;) {
        const auto first = tasks_.begin();
        if (first != tasks_.end() && first->first.first <= Clock::now()) {
            auto node = tasks_.extract(first);
            lock.unlock();
            perform(threadName, node.mapped());
            node = {};  // what the task holds is destroyed without the lock
            lock.lock();
        } else if (std::exchange(noMemory_, false)) {
            lock.unlock();
            if (onNoMemory_) (void)base::attempt([this] { onNoMemory_(); });
            lock.lock();
        } else if (closing_) {
            break;
        } else if (first == tasks_.end()) {
            changed_.wait(lock);
        } else {
            const auto due = first->first.first;  // a copy: the entry may go while we wait
            changed_.wait_until(lock, due);
        }
    }
    auto forgotten = std::move(tasks_);
    lock.unlock();
}

}  // namespace livepusher::session
