// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace livepusher::base {

/// RFC 4648 §4, padded.
inline std::string base64(std::string_view bytes) {
    static constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const auto three = bytes.substr(at, 3);
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < 3; ++i) bits = bits << 8 | (i < three.size() ? static_cast<std::uint8_t>(three[i]) : 0U);
        for (std::size_t i = 0; i < 4; ++i) out += i <= three.size() ? kLetters[bits >> (18 - 6 * i) & 63U] : '=';
    }
    return out;
}

}  // namespace livepusher::base
