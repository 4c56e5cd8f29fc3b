// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace livepusher::encode {

/// The decoder's configuration for one SPS and one PPS (NAL units without length or start code),
/// with 4-byte NAL lengths. ISO/IEC 14496-15 §5.3.3.1.
std::vector<std::uint8_t> makeAvcConfig(std::span<const std::uint8_t> sps, std::span<const std::uint8_t> pps);

}  // namespace livepusher::encode
