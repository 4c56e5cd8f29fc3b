// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/properties.hpp>

#include "encode/coded_units.hpp"
#include "media/nal.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace livepusher::encode {

/// What an encoder of H.264 or H.265 has put out, sorted. Delimiters, filler and the encoder's own messages are left out.
struct NalUnits {
    std::vector<base::Nal> vps, sps, pps;  ///< parameter sets; H.264 has no VPS
    std::vector<base::Nal> slices;
};

/// Out of units behind start codes (ITU-T H.264 and H.265 annex B).
NalUnits readNalUnits(std::span<const std::uint8_t> annexB, VideoCodec codec);

/// Out of its parameter sets; empty where one is missing or makes no sense.
std::optional<DecoderConfig> decoderConfig(const NalUnits& units, VideoCodec codec);

/// A message of kMessageUuid and a text as a NAL unit of its own (SEI, user_data_unregistered).
std::vector<std::uint8_t> messageUnit(const std::string& text, VideoCodec codec);

/// The unit behind its length of 4 bytes.
void appendUnit(std::vector<std::uint8_t>& to, base::Nal unit);

}  // namespace livepusher::encode
