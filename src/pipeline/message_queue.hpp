// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace livepusher::pipeline {

/// Texts on their way to the next frame. [any-thread]
class MessageQueue {
public:
    /// False when kMost are waiting.
    bool add(std::string text) {
        std::lock_guard lock(mutex_);
        if (texts_.size() == kMost) return false;
        texts_.push_back(std::move(text));
        return true;
    }
    std::vector<std::string> take() {
        std::lock_guard lock(mutex_);
        return std::exchange(texts_, {});
    }

private:
    static constexpr std::size_t kMost = 32;

    std::mutex mutex_;
    std::vector<std::string> texts_;
};

}  // namespace livepusher::pipeline
