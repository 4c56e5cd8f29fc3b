// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/properties.hpp>

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace livepusher::properties {

/// How one property is read, written and judged; its type is erased here and nowhere else.
struct Field {
    std::string type;
    std::string allowed;
    /// Takes text; false when it is not of the type or range (then nothing is changed).
    std::function<bool(Properties&, std::string_view)> parse;
    std::function<std::string(const Properties&)> format;
    std::function<bool(const Properties&)> valid;
    std::function<bool(const Properties&, const Properties&)> equal;
    bool takesBool = false;  ///< in JSON true and false too, where `type` is another
};

struct Row : PropertyInfo {
    Row(std::string_view called, PropertyGroup in, Field how, Applies when, std::string_view text);

    Field field;
};

/// The one table of properties; everything about a property that is not its struct member is here.
std::span<const Row> table();

/// Row of a name in any spelling; null when there is none.
const Row* find(std::string_view name);

}  // namespace livepusher::properties
