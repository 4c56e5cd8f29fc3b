// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace program {

/// The words for livepusher::LogLevel, in its order.
inline constexpr std::array<std::string_view, 6> kLogLevels{"trace", "debug", "info", "warning", "error", "off"};

/// "; did you mean X?", or nothing when no candidate is near.
std::string suggestion(std::string_view name, std::span<const std::string> candidates);

}  // namespace program
