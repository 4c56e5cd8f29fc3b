// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/properties.hpp>

#include <functional>
#include <optional>
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
};

struct Row {
    struct Traits {
        bool effects = false;  ///< PropertyInfo::effects
        bool secret = false;   ///< PropertyInfo::secret
        std::vector<std::string_view> aliases{};
        std::string_view whenUnset = "by mode";  ///< PropertyInfo::whenUnset
    };
    std::string_view name;
    PropertyGroup group;
    Field field;
    Applies applies;
    std::string_view description;
    Traits traits{};
    bool extension = false;

    bool account() const { return group == PropertyGroup::Account; }
};

/// The one table of properties; everything about a property that is not its struct member is here.
std::span<const Row> table();

/// Row of a name in any spelling; null when there is none.
const Row* find(std::string_view name);

}  // namespace livepusher::properties
