// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "media/packet.hpp"

namespace livepusher::capture {

/// How NAL units stand one behind the other.
enum class NalForm {
    Lengths,     ///< behind 4 bytes of length (ISO/IEC 14496-15): MP4 and Matroska
    StartCodes,  ///< ITU-T H.264 and H.265 annex B: MPEG-TS
};

/// What a container holds of a picture of H.264 or HEVC: its units in that form, those of a key frame behind the parameter sets
/// of `record` (the track's Config in force), so that each can be decoded alone, wherever a player begins or jumps to and
/// whatever size came before. Empty: it is no sequence of units.
std::vector<std::uint8_t> containedUnits(const Packet& picture, std::span<const std::uint8_t> record, VideoCodec codec,
                                         NalForm form);

}  // namespace livepusher::capture
