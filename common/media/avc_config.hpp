// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "media/nal.hpp"

namespace livepusher::base {

/// What a sequence parameter set tells of the pictures, of H.264 and of HEVC.
struct SpsInfo {
    int id = 0;                 ///< seq_parameter_set_id
    int width = 0, height = 0;  ///< px, after cropping
    double fps = 0;             ///< 0: it doesn't tell
    int chromaFormat = 1;       ///< chroma_format_idc: 1 is 4:2:0
    int lumaDepth = 8, chromaDepth = 8;
    // Of H.264 alone, what it takes to read and to check its frame_num:
    int frameNumBits = 0;
    bool frameNumGaps = false;    ///< gaps_in_frame_num_value_allowed_flag
    bool separatePlanes = false;  ///< separate_colour_plane_flag
    bool operator==(const SpsInfo&) const = default;
};

/// Whether chroma format and depths are such as there are. [any-thread]
bool plausibleFormat(const SpsInfo& info);

/// Of an H.264 SPS with its header byte (ITU-T H.264 §7.3.2.1.1); empty: it can't be read. [any-thread]
std::optional<SpsInfo> readAvcSps(Nal sps);

/// The AVCDecoderConfigurationRecord with 4-byte lengths (ISO/IEC 14496-15 §5.3.3.1). At least one of each, the first SPS
/// of 4 bytes or more; at most 31 and 255, each under 64 KiB. [any-thread]
std::vector<std::uint8_t> avcConfig(std::span<const Nal> sps, std::span<const Nal> pps);
inline std::vector<std::uint8_t> avcConfig(Nal sps, Nal pps) { return avcConfig(std::span(&sps, 1), std::span(&pps, 1)); }

/// What such a record (of any length size) holds: views into it.
struct AvcRecord {
    int lengthSize = 4;
    std::vector<Nal> sets;  ///< SPS and PPS
};
std::optional<AvcRecord> readAvcConfig(std::span<const std::uint8_t> record);

}  // namespace livepusher::base
