// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/properties.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace program {

/// "minBitrate" as "min-bitrate"; what is already in kebab-case stays.
std::string kebabCase(std::string_view name);

/// The property with that name, in any of its spellings; null when there is none.
const livepusher::PropertyInfo* findProperty(std::string_view name);

/// The camelCase names of all properties.
std::vector<std::string> propertyNames();

/// The candidate that was probably meant by `name`; empty when none is near.
std::string nearestName(std::string_view name, std::span<const std::string> candidates);

/// "; did you mean X?", or nothing when no candidate is near.
std::string suggestion(std::string_view name, std::span<const std::string> candidates);

}  // namespace program
