// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace program {

/// The program's one loop: signals, keys, sockets, timers and the library's events, all on the thread that calls run().
class EventLoop {
public:
    using Task = std::function<void()>;
    using Ready = std::function<void(short found)>;
    using Clock = std::chrono::steady_clock;

    EventLoop();
    ~EventLoop();
    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;

    /// Runs `task` soon, in the order of the posts, never inside the call. [any-thread]
    void post(Task task);

    /// Calls `ready` whenever poll() finds one of `events` (or an error) on `fd`; replaces an earlier watch. [main]
    void watch(int fd, short events, Ready ready);
    void unwatch(int fd);

    /// [main]
    void every(std::chrono::milliseconds interval, Task task);
    void after(std::chrono::milliseconds delay, Task task);

    /// Returns after quit(). [main]
    void run();
    void quit() { running_ = false; }

    /// Runs what was posted until now. [main]
    void drain();

private:
    struct Watch {
        short events;
        std::shared_ptr<Ready> ready;
    };
    struct Timer {
        Clock::time_point due;
        std::chrono::milliseconds interval;  // zero: once
        Task task;
    };

    int millisecondsToNextTimer() const;
    void runTimers();

    bool running_ = false;
    int wakeup_;  // eventfd: something was posted
    std::map<int, Watch> watches_;
    std::vector<Timer> timers_;
    std::mutex mutex_;  // guards posted_
    std::vector<Task> posted_;
};

}  // namespace program
