// SPDX-License-Identifier: MIT
#include "logged.hpp"

#include <algorithm>

namespace livepusher::effects::test {

Logged::Logged() {
    setLogHandler([this](LogLevel, std::string_view text) {
        std::lock_guard lock(mutex_);
        lines_.emplace_back(text);
    });
}

Logged::~Logged() { setLogHandler({}); }

std::size_t Logged::count(const std::string& text) const {
    std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(
        std::count_if(lines_.begin(), lines_.end(), [&](const auto& line) { return line.find(text) != std::string::npos; }));
}

}  // namespace livepusher::effects::test
