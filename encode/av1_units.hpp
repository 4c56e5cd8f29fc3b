// SPDX-License-Identifier: MIT
#pragma once

#include "encode/coded_units.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace livepusher::encode {

/// AV1CodecConfigurationRecord (AV1-ISOBMFF §2.3) out of OBUs among which there is a sequence header; empty where there is none,
/// or one that makes no sense.
std::optional<DecoderConfig> readAv1Sequence(std::span<const std::uint8_t> units);

/// A temporal unit as containers want it: without its delimiter and padding. Empty where the OBUs make no sense.
std::vector<std::uint8_t> av1Sample(std::span<const std::uint8_t> units);

}  // namespace livepusher::encode
