// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/properties.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace livepusher::base {

inline constexpr std::uint8_t kUserDataUnregistered = 5;  ///< payload type of an SEI message (ITU-T H.264 annex D)

/// A message of user data as a NAL unit of its own, without start code or length (SEI, user_data_unregistered: ITU-T H.264
/// §D.1.7, H.265 §D.2.7). Not of AV1. [any-thread]
std::vector<std::uint8_t> userDataUnit(std::span<const std::uint8_t, 16> uuid, std::span<const std::uint8_t> bytes,
                                       VideoCodec codec);

}  // namespace livepusher::base
