// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <charconv>
#include <string>

namespace livepusher::base {

/// "0.5", "12.0": so many digits after the point. The application's locale, which may write "0,5", has no part in it.
inline std::string decimalText(double value, int digits) {
    std::array<char, 352> text{};  // the largest double has 309 digits before the point
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, digits);
    return error == std::errc{} ? std::string(text.data(), end) : std::string();
}

/// Likewise "2", "1.5", "0.3333": four digits that count at most.
inline std::string shortText(double value) {
    std::array<char, 32> text{};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 4);
    return error == std::errc{} ? std::string(text.data(), end) : std::string();
}

}  // namespace livepusher::base
