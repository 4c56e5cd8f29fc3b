// SPDX-License-Identifier: MIT
#pragma once

#include "media/avc_config.hpp"

namespace livepusher::base {

/// Of an HEVC SPS with its two header bytes (ITU-T H.265 §7.3.2.2); empty: it can't be read. [any-thread]
std::optional<SpsInfo> readHevcSps(Nal sps);

/// The HEVCDecoderConfigurationRecord with 4-byte lengths (ISO/IEC 14496-15 §8.3.3.1). At least one of each, the first SPS
/// one that readHevcSps() reads; each under 64 KiB. [any-thread]
std::vector<std::uint8_t> hevcConfig(std::span<const Nal> vps, std::span<const Nal> sps, std::span<const Nal> pps);
inline std::vector<std::uint8_t> hevcConfig(Nal vps, Nal sps, Nal pps) {
    return hevcConfig(std::span(&vps, 1), std::span(&sps, 1), std::span(&pps, 1));
}

/// What such a record (of any length size) holds: views into it, parameter sets and SEI.
std::optional<AvcRecord> readHevcConfig(std::span<const std::uint8_t> record);

}  // namespace livepusher::base
