// SPDX-License-Identifier: MIT
#pragma once

namespace livepusher::rtmp {

// What Enhanced RTMP calls codecs ("Defining Additional Video Codecs", "… Audio Codecs").
inline constexpr const char* kAvc = "avc1";
inline constexpr const char* kHevc = "hvc1";
inline constexpr const char* kAv1 = "av01";
inline constexpr const char* kAac = "mp4a";
inline constexpr const char* kOpus = "Opus";

}  // namespace livepusher::rtmp
