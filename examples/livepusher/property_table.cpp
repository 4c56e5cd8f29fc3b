// SPDX-License-Identifier: MIT
#include "property_table.hpp"

#include <livepusher/names.hpp>
#include <livepusher/player_json.hpp>
#include <livepusher/player_properties.hpp>

#include <algorithm>

namespace program {

namespace {

template <typename Properties>
livepusher::Result<void> trySetting(std::string_view name, std::string_view value) {
    Properties scratch;
    return livepusher::setProperty(scratch, name, value);
}

}  // namespace

const livepusher::PropertyInfo* PropertyTable::find(std::string_view name) const {
    const auto found = std::ranges::find_if(rows, [&](const livepusher::PropertyInfo& info) {
        return info.name == name || info.kebabName == name || std::ranges::any_of(info.aliases, [&](std::string_view alias) {
                   return alias == name || livepusher::kebabCase(alias) == name;
               });
    });
    return found == rows.end() ? nullptr : &*found;
}

std::vector<std::string> PropertyTable::names() const {
    std::vector<std::string> all;
    for (const auto& info : rows) all.emplace_back(info.name);
    return all;
}

const PropertyTable& pusherTable() {
    static const PropertyTable table{livepusher::allProperties(), livepusher::propertyTexts, trySetting<livepusher::Properties>};
    return table;
}

const PropertyTable& playerTable() {
    static const PropertyTable table{livepusher::allPlayerProperties(), livepusher::playerPropertyTexts,
                                     trySetting<livepusher::PlayerProperties>};
    return table;
}

}  // namespace program
