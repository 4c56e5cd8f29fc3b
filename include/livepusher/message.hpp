// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>

namespace livepusher {

/// Names the SEI messages (user_data_unregistered) that carry sendMessage()'s text: it follows these
/// 16 bytes, in UTF-8, without a terminator.
inline constexpr std::array<std::uint8_t, 16> kMessageUuid{0x83, 0x5b, 0x05, 0xc8, 0x21, 0x92, 0x47, 0x30,
                                                           0xa5, 0xa6, 0x6a, 0x78, 0x78, 0x3b, 0xff, 0xe6};

/// Names the SEI messages that carry a key frame's capture time, with the property `captureClock`: it follows these 16 bytes as
/// microseconds since 1970-01-01 00:00 UTC, 8 bytes, the highest first. More may follow in later versions.
inline constexpr std::array<std::uint8_t, 16> kCaptureTimeUuid{0x75, 0x53, 0x3c, 0xa5, 0x52, 0x5d, 0x47, 0x93,
                                                               0xa0, 0xb4, 0x30, 0xdc, 0xc2, 0x89, 0x7d, 0x83};

}  // namespace livepusher
