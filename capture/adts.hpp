// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "base/frame_time.hpp"

namespace livepusher::capture {

/// How long a packet of AAC sounds that has an ADTS header; empty: it has none, or a reserved rate. (ISO/IEC 13818-7, 6.2.)
inline std::optional<Timestamp> adtsDuration(std::span<const std::uint8_t> packet) {
    constexpr std::array kRates{96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350};  // Hz
    constexpr std::size_t kHeader = 7;
    constexpr std::int64_t kBlock = 1024;  // samples
    if (packet.size() < kHeader || packet[0] != 0xff || (packet[1] & 0xf6U) != 0xf0) return std::nullopt;
    const std::size_t rate = (packet[2] >> 2U) & 0xfU;
    if (rate >= kRates.size()) return std::nullopt;
    const std::int64_t blocks = (packet[6] & 3U) + 1;
    return base::lengthOf(blocks * kBlock, kRates.at(rate));
}

}  // namespace livepusher::capture
