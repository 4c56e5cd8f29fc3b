// SPDX-License-Identifier: MIT
#include "event_loop.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <system_error>

namespace program {

EventLoop::EventLoop() : wakeup_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (wakeup_ < 0) throw std::system_error(errno, std::generic_category(), "can't begin");
    watch(wakeup_, POLLIN, [this](short) {
        std::uint64_t count = 0;
        if (read(wakeup_, &count, sizeof count) > 0) drain();
    });
}

EventLoop::~EventLoop() { close(wakeup_); }

void EventLoop::post(Task task) {
    {
        std::lock_guard lock(mutex_);
        posted_.push_back(std::move(task));
    }
    const std::uint64_t one = 1;
    // A full counter is the one way to fail, and then a wake-up is pending anyway.
    [[maybe_unused]] const auto written = write(wakeup_, &one, sizeof one);
}

void EventLoop::drain() {
    std::vector<Task> tasks;
    {
        std::lock_guard lock(mutex_);
        tasks.swap(posted_);
    }
    for (auto& task : tasks) task();
}

void EventLoop::watch(int fd, short events, Ready ready) { watches_[fd] = {events, std::make_shared<Ready>(std::move(ready))}; }

void EventLoop::unwatch(int fd) { watches_.erase(fd); }

void EventLoop::every(std::chrono::milliseconds interval, Task task) {
    timers_.push_back({Clock::now() + interval, interval, std::move(task)});
}

void EventLoop::after(std::chrono::milliseconds delay, Task task) {
    timers_.push_back({Clock::now() + delay, std::chrono::milliseconds::zero(), std::move(task)});
}

int EventLoop::millisecondsToNextTimer() const {
    if (timers_.empty()) return -1;
    const auto next = std::ranges::min_element(timers_, {}, &Timer::due)->due;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now()).count();
    constexpr std::int64_t kHour = 3'600'000;
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, kHour));
}

void EventLoop::runTimers() {
    const auto now = Clock::now();
    std::vector<Task> due;
    for (auto& timer : timers_) {
        if (timer.due > now) continue;
        due.push_back(timer.task);
        timer.due = timer.interval.count() > 0 ? now + timer.interval : Clock::time_point::max();
    }
    std::erase_if(timers_, [](const Timer& timer) { return timer.due == Clock::time_point::max(); });
    for (auto& task : due) task();
}

void EventLoop::run() {
    running_ = true;
    while (running_) {
        std::vector<pollfd> polled;
        for (const auto& [fd, watch] : watches_) polled.push_back({fd, watch.events, 0});
        poll(polled.data(), polled.size(), millisecondsToNextTimer());
        for (const auto& entry : polled) {
            if (entry.revents == 0) continue;
            const auto found = watches_.find(entry.fd);  // an earlier one may have ended this watch
            if (found == watches_.end()) continue;
            const auto ready = found->second.ready;  // held: the watch may end itself
            (*ready)(entry.revents);
        }
        runTimers();
    }
}

}  // namespace program
