// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/properties.hpp>

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace program {

/// The words for livepusher::LogLevel, in its order.
inline constexpr std::array<std::string_view, 6> kLogLevels{"trace", "debug", "info", "warning", "error", "off"};

/// The property with that name, in any of its spellings; null when there is none.
const livepusher::PropertyInfo* findProperty(std::string_view name);

/// The camelCase names of all properties.
std::vector<std::string> propertyNames();

/// "; did you mean X?", or nothing when no candidate is near.
std::string suggestion(std::string_view name, std::span<const std::string> candidates);

}  // namespace program
