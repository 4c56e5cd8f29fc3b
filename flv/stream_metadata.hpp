// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/subscriber.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace livepusher::rtmp {

/// Of a script tag's body; empty: it is no onMetaData, or malformed.
std::optional<StreamMetadata> readMetadata(std::span<const std::uint8_t> body);

}  // namespace livepusher::rtmp
