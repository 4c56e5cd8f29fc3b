// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <cstdint>
#include <optional>
#include <span>

namespace livepusher::capture {

/// How long a packet of AAC sounds that has an ADTS header; empty: it has none, or a reserved rate. (ISO/IEC 13818-7, 6.2.)
std::optional<Timestamp> adtsDuration(std::span<const std::uint8_t> packet);

}  // namespace livepusher::capture
