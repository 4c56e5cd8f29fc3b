// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>

namespace livepusher::base {

/// "5 s", "4.8 s", "350 ms".
inline std::string secondsText(std::chrono::milliseconds time) {
    const auto count = time.count();
    if (count < 1000 || count % 100 != 0) return std::to_string(count) + " ms";
    const auto tenths = count % 1000 / 100;
    return std::to_string(count / 1000) + (tenths == 0 ? "" : "." + std::to_string(tenths)) + " s";
}

}  // namespace livepusher::base
