// SPDX-License-Identifier: MIT
#pragma once

#include "flv/flv.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace livepusher::rtmp {

/// FLV as a stream of bytes (Adobe FLV 10.1 §E.2 to E.4): what a file and a body of HTTP have in common.
inline constexpr std::uint8_t kFlvHasVideo = 1;
inline constexpr std::uint8_t kFlvHasAudio = 4;
inline constexpr std::size_t kFlvFlagsOffset = 4;  ///< in the header
inline constexpr std::size_t kFlvTagHeader = 11;   ///< before a tag's body

/// What stands before the first tag. `flags`: which tracks there are.
std::array<std::uint8_t, 13> flvHeader(std::uint8_t flags);

/// The whole tag, in `out` instead of what was there. Error: TransferFailed, when FLV can't hold that much.
Result<void> writeFlvTag(const FlvTag& tag, std::vector<std::uint8_t>& out);

}  // namespace livepusher::rtmp
