// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/json.hpp>
#include <livepusher/properties.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace program {

/// One of the library's tables of properties, as command lines and configurations read it.
struct PropertyTable {
    std::span<const livepusher::PropertyInfo> rows;
    livepusher::Result<livepusher::PropertyTexts> (*texts)(std::string_view json);     ///< the members of an object
    livepusher::Result<void> (*check)(std::string_view name, std::string_view value);  ///< whether the property takes that

    /// The property with that name, in any of its spellings; null when there is none.
    const livepusher::PropertyInfo* find(std::string_view name) const;
    /// The camelCase names of all properties.
    std::vector<std::string> names() const;
};

const PropertyTable& pusherTable();
const PropertyTable& playerTable();

}  // namespace program
