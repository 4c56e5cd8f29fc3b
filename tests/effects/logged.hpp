// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/log.hpp>

#include <mutex>
#include <string>
#include <vector>

namespace livepusher::effects::test {

/// What is logged as long as it lives, from any thread.
class Logged {
public:
    Logged();
    ~Logged();
    /// Lines that hold this text.
    std::size_t count(const std::string& text) const;

private:
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
};

}  // namespace livepusher::effects::test
