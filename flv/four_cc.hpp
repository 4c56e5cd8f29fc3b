// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace livepusher::rtmp {

// What Enhanced RTMP v2 calls codecs ("Defining Additional Video Codecs", "… Audio Codecs"), big-endian.
inline constexpr std::uint32_t kAvcFourCc = 0x61766331U;   // "avc1"
inline constexpr std::uint32_t kHevcFourCc = 0x68766331U;  // "hvc1"
inline constexpr std::uint32_t kAv1FourCc = 0x61763031U;   // "av01"
inline constexpr std::uint32_t kAacFourCc = 0x6D703461U;   // "mp4a"
inline constexpr std::uint32_t kOpusFourCc = 0x4F707573U;  // "Opus"
inline constexpr std::uint32_t kMp3FourCc = 0x2E6D7033U;   // ".mp3"

}  // namespace livepusher::rtmp
