// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/subscriber.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace livepusher::rtmp {

/// Of a script tag's body; empty: it is no onMetaData, or malformed. `secrets`: what no text of it shows.
std::optional<StreamMetadata> readMetadata(std::span<const std::uint8_t> body, const std::vector<std::string>& secrets);

}  // namespace livepusher::rtmp
