// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>

namespace livepusher {

/// Names the SEI messages (user_data_unregistered) that carry sendMessage()'s text: it follows these
/// 16 bytes, in UTF-8, without a terminator.
inline constexpr std::array<std::uint8_t, 16> kMessageUuid{0x83, 0x5b, 0x05, 0xc8, 0x21, 0x92, 0x47, 0x30,
                                                           0xa5, 0xa6, 0x6a, 0x78, 0x78, 0x3b, 0xff, 0xe6};

}  // namespace livepusher
