// SPDX-License-Identifier: MIT
#pragma once

#include "properties/table.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace livepusher::properties {

template <typename P>
Error unknown(std::string_view name) {
    std::string message = "unknown property \"" + std::string(name.substr(0, 64)) + "\"";
    std::vector<std::string> names;
    for (const auto& row : table<P>()) names.emplace_back(row.name);
    if (const auto nearest = nearestName(name, names); !nearest.empty())
        message += ": did you mean " + std::string(nearest) + "?";
    return {Code::InvalidArgument, message};
}

template <typename P>
Error refused(const Row<P>& row, std::string_view value) {
    if (row.field.why)
        if (const auto right = row.field.why(value); !right) return right.error();
    const std::string shown = row.secret ? "***" : std::string(value.substr(0, 80));
    return {Code::InvalidArgument, std::string(row.name) + " \"" + shown + "\": must be " + row.field.allowed};
}

/// What setProperty() does.
template <typename P>
Result<void> setByName(P& properties, std::string_view name, std::string_view value) {
    const auto* row = find<P>(name);
    if (!row) return unknown<P>(name);
    if (!row->field.parse(properties, value)) return refused(*row, value);
    return {};
}

/// What formatProperty() does.
template <typename P>
Result<std::string> formatByName(const P& properties, std::string_view name) {
    const auto* row = find<P>(name);
    if (!row) return unknown<P>(name);
    return row->field.format(properties);
}

/// What validate() does for each property by itself.
template <typename P>
Result<void> checkEach(const P& properties) {
    for (const auto& row : table<P>())
        if (!row.field.valid(properties)) return refused(row, row.field.format(properties));
    return {};
}

}  // namespace livepusher::properties
