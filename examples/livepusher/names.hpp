// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/properties.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace program {

/// The property with that name, in any of its spellings; null when there is none.
const livepusher::PropertyInfo* findProperty(std::string_view name);

/// The camelCase names of all properties.
std::vector<std::string> propertyNames();

/// "; did you mean X?", or nothing when no candidate is near.
std::string suggestion(std::string_view name, std::span<const std::string> candidates);

}  // namespace program
