// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/properties.hpp>

#include <optional>

#include "media/nal.hpp"
#include "media/orientation.hpp"

namespace livepusher::capture {

/// What a NAL unit says of how the pictures from here on are to be shown: its display orientation SEI message (ITU-T H.264
/// §D.2.27, H.265 §D.3.17), to the nearest quarter turn; none where it cancels an earlier one. Empty: it holds no such
/// message, or a damaged one. [any-thread]
std::optional<base::Orientation> readOrientationSei(VideoCodec codec, base::Nal nal);

}  // namespace livepusher::capture
