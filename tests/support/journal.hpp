// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace livepusher::testing {

/// Things that happened, in order, and a way to wait for one.
class Journal {
public:
    void note(std::string what) {
        {
            std::lock_guard lock(mutex_);
            entries_.push_back(std::move(what));
        }
        changed_.notify_all();
    }

    /// False when `what` has not happened `times` times within a minute.
    bool await(const std::string& what, std::size_t times = 1) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(60), [&] { return count(what) >= times; });
    }
    /// How many entries have `part` in them.
    std::size_t holding(const std::string& part) const {
        std::lock_guard lock(mutex_);
        return countHolding(part);
    }
    /// False when `times` entries with `part` in them have not come within a minute.
    bool awaitHolding(const std::string& part, std::size_t times) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(60), [&] { return countHolding(part) >= times; });
    }
    std::size_t seen(const std::string& what) const {
        std::lock_guard lock(mutex_);
        return count(what);
    }
    void clear() {
        std::lock_guard lock(mutex_);
        entries_.clear();
    }
    std::vector<std::string> all() const {
        std::lock_guard lock(mutex_);
        return entries_;
    }

private:
    std::size_t countHolding(const std::string& part) const {
        return static_cast<std::size_t>(std::count_if(
            entries_.begin(), entries_.end(), [&](const std::string& entry) { return entry.find(part) != std::string::npos; }));
    }
    std::size_t count(const std::string& what) const {
        return static_cast<std::size_t>(std::count(entries_.begin(), entries_.end(), what));
    }

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> entries_;
};

}  // namespace livepusher::testing
