// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/thread_name.hpp"

namespace livepusher::effects {

/// Makes what takes too long for the video thread, on a thread of its own: the newest order counts, older ones that have
/// not begun are forgotten. Belongs to one thread, but for the work, which one thread at a time does.
template <typename Order, typename Made>
class Builder {
public:
    using Work = std::function<std::shared_ptr<const Made>(const Order&)>;

    explicit Builder(Work work) : work_(std::move(work)) {}
    ~Builder() {
        {
            std::lock_guard lock(mutex_);
            ending_ = true;
        }
        changed_.notify_all();
        if (thread_.joinable()) thread_.join();
    }
    Builder(const Builder&) = delete;
    Builder& operator=(const Builder&) = delete;

    /// Has it made; done() gives it later.
    void order(Order order) {
        {
            std::lock_guard lock(mutex_);
            order_ = std::move(order);
            made_.reset();
        }
        if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
        changed_.notify_all();
    }

    /// What was ordered last, once, when it is made; else nullopt.
    std::optional<std::shared_ptr<const Made>> done() {
        std::lock_guard lock(mutex_);
        return std::exchange(made_, std::nullopt);
    }

    /// Makes it here and now. What was ordered before is forgotten.
    std::shared_ptr<const Made> now(const Order& order) {
        {
            std::unique_lock lock(mutex_);
            order_.reset();
            changed_.wait(lock, [&] { return !working_; });  // the work may keep what it has read
            made_.reset();
        }
        return work_(order);
    }

private:
    void run() {
        base::nameThread("effects");
        std::unique_lock lock(mutex_);
        while (true) {
            changed_.wait(lock, [&] { return ending_ || order_; });
            if (ending_) return;
            const auto order = *std::exchange(order_, std::nullopt);
            working_ = true;
            lock.unlock();
            auto made = work_(order);
            lock.lock();
            working_ = false;
            if (!order_) made_ = std::move(made);
            changed_.notify_all();
        }
    }

    Work work_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<Order> order_;
    std::optional<std::shared_ptr<const Made>> made_;
    bool working_ = false;
    bool ending_ = false;
    std::thread thread_;  // started with the first order
};

}  // namespace livepusher::effects
