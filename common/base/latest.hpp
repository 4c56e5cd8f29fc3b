// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace livepusher::base {

/// The newest value of T, published whole. Each reader keeps its own snapshot and renews it when
/// it chooses, so one frame never sees half a change. Readers must not outlive the cell.
template <typename T>
class Latest {
public:
    explicit Latest(T value) : value_(std::make_shared<const T>(std::move(value))) {}

    void publish(T value) {
        auto next = std::make_shared<const T>(std::move(value));
        std::lock_guard lock(mutex_);
        value_.swap(next);
        version_.fetch_add(1, std::memory_order_release);
    }

    std::shared_ptr<const T> get() const {
        std::lock_guard lock(mutex_);
        return value_;
    }

    /// Belongs to one thread.
    class Reader {
    public:
        explicit Reader(const Latest& cell) : cell_(cell) { refresh(); }

        /// True when a newer value was taken. Costs one atomic load when there is none.
        bool refresh() {
            const auto version = cell_.version_.load(std::memory_order_acquire);
            if (version == seen_) return false;
            snapshot_ = cell_.get();  // at least as new as `version`
            seen_ = version;
            return true;
        }

        const T& operator*() const { return *snapshot_; }
        const T* operator->() const { return snapshot_.get(); }

    private:
        const Latest& cell_;
        std::shared_ptr<const T> snapshot_;
        std::uint64_t seen_ = 0;
    };

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const T> value_;
    std::atomic<std::uint64_t> version_{1};
};

}  // namespace livepusher::base
