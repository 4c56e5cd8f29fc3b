// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>
#include <livepusher/properties.hpp>

#include "media/packet.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>

namespace livepusher::base {

/// A moment of UTC, as the system's clock has it.
using UtcTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

/// What the system's clock showed, or will show, at a moment of livepusher::now(), as far as is known now. [any-thread]
UtcTime utcAt(Timestamp moment);

/// Whether user data of an SEI message, with its UUID in front, is a capture time, and so no message to anybody. [any-thread]
bool isCaptureTime(std::span<const std::uint8_t> userData);

/// When the picture was captured that came with such user data; none where it is none, or is cut off. [any-thread]
std::optional<UtcTime> captureTime(std::span<const std::uint8_t> userData);

/// Lays the time into a Key packet of H.264 or HEVC, before the first slice. Nothing is done to other packets, of AV1, to what
/// isn't made of NAL units, and to a picture that has a capture time already. [any-thread]
void addCaptureTime(Packet& packet, VideoCodec codec, UtcTime captured);

}  // namespace livepusher::base
