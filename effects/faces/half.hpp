// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstdint>

namespace livepusher::effects::faces {

/// IEEE 754 binary16 as float, exactly.
inline float fromHalf(std::uint16_t half) {
    const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000U) << 16;
    const std::uint32_t exponent = (half >> 10) & 0x1fU, fraction = half & 0x3ffU;
    if (exponent == 0) {  // zero and subnormals
        const float magnitude = static_cast<float>(fraction) * 0x1p-24F;
        return sign != 0 ? -magnitude : magnitude;
    }
    const std::uint32_t wide = exponent == 31 ? 255 : exponent + 112;
    return std::bit_cast<float>(sign | wide << 23 | fraction << 13);
}

}  // namespace livepusher::effects::faces
