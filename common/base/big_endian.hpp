// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace livepusher::base {

/// The number that these bytes are, the highest first; at most 8 of them.
constexpr std::uint64_t readBig(std::span<const std::uint8_t> bytes) {
    std::uint64_t number = 0;
    for (const auto byte : bytes) number = number << 8U | byte;
    return number;
}

/// The lower `kCount` bytes of a number, the highest first.
template <std::size_t kCount>
constexpr std::array<std::uint8_t, kCount> bigBytes(std::uint64_t number) {
    std::array<std::uint8_t, kCount> bytes{};
    for (std::size_t i = kCount; i-- > 0; number >>= 8U) bytes[i] = static_cast<std::uint8_t>(number);
    return bytes;
}

/// Appends them.
template <std::size_t kCount>
void appendBig(std::vector<std::uint8_t>& to, std::uint64_t number) {
    const auto bytes = bigBytes<kCount>(number);
    to.insert(to.end(), bytes.begin(), bytes.end());
}

}  // namespace livepusher::base
