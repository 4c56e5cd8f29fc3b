// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "base/thread.hpp"

namespace livepusher::capture {

/// A thread that does something at given moments until it is stopped.
class TimerThread {
public:
    ~TimerThread() { stop(); }

    /// `body` runs once, on the thread; it ends when waitUntil() says so. What it throws goes to `onError`, on the thread.
    /// Errors: InternalFailure, there is no thread. [control]
    Result<void> start(std::function<void(TimerThread&)> body, std::function<void(const Error&)> onError) {
        stop();
        stopping_ = false;
        auto thread = base::startThread(
            "capture", [this, run = std::move(body)] { run(*this); }, std::move(onError));
        if (!thread) return thread.error();
        thread_ = std::move(*thread);
        return {};
    }

    /// False when the thread is to end. [capture]
    bool waitUntil(Timestamp moment) {
        std::unique_lock lock(mutex_);
        return !wake_.wait_until(lock, std::chrono::steady_clock::time_point(moment), [&] { return stopping_; });
    }

    /// Lets waitUntil() return; doesn't wait. [any-thread]
    void cancel() {
        {
            std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        wake_.notify_all();
    }

    /// [control]
    void stop() {
        cancel();
        if (thread_.joinable()) thread_.join();
    }

private:
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace livepusher::capture
