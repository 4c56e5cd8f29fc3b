// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace livepusher::base {

/// FIFO between two threads. A full queue evicts its oldest item: push() never waits.
template <typename T>
class Queue {
public:
    explicit Queue(std::size_t capacity) : capacity_(capacity) {}

    /// False once closed. [any-thread]
    bool push(T item) {
        std::optional<T> evicted;  // destroyed after the lock is released
        {
            std::lock_guard lock(mutex_);
            if (closed_) return false;
            if (items_.size() == capacity_) {
                evicted = std::move(items_.front());
                items_.pop_front();
                ++dropped_;
            }
            items_.push_back(std::move(item));
        }
        ready_.notify_one();
        return true;
    }

    /// Waits for an item; empty once closed and drained.
    std::optional<T> pop() {
        std::unique_lock lock(mutex_);
        ready_.wait(lock, [&] { return closed_ || !items_.empty(); });
        return take();
    }

    /// As pop(), but also empty when `deadline` has come or wake() was called.
    std::optional<T> popUntil(std::chrono::steady_clock::time_point deadline) {
        std::unique_lock lock(mutex_);
        ready_.wait_until(lock, deadline, [&] { return closed_ || woken_ || !items_.empty(); });
        woken_ = false;
        return take();
    }

    /// Ends one popUntil(), the current or the next. [any-thread]
    void wake() {
        {
            std::lock_guard lock(mutex_);
            woken_ = true;
        }
        ready_.notify_all();
    }

    void close() {
        {
            std::lock_guard lock(mutex_);
            closed_ = true;
        }
        ready_.notify_all();
    }

    bool closed() const {
        std::lock_guard lock(mutex_);
        return closed_;
    }

    /// Items evicted so far. [any-thread]
    std::uint64_t dropped() const {
        std::lock_guard lock(mutex_);
        return dropped_;
    }

private:
    std::optional<T> take() {
        if (items_.empty()) return std::nullopt;
        std::optional<T> item(std::move(items_.front()));
        items_.pop_front();
        return item;
    }

    const std::size_t capacity_;
    mutable std::mutex mutex_;
    std::condition_variable ready_;
    std::deque<T> items_;
    std::uint64_t dropped_ = 0;
    bool closed_ = false;
    bool woken_ = false;
};

}  // namespace livepusher::base
