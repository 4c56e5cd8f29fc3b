// SPDX-License-Identifier: MIT
#include "names.hpp"

#include <livepusher/names.hpp>

#include <algorithm>

namespace program {

const livepusher::PropertyInfo* findProperty(std::string_view name) {
    const auto all = livepusher::allProperties();
    const auto found = std::ranges::find_if(all, [&](const livepusher::PropertyInfo& info) {
        return info.name == name || info.kebabName == name || std::ranges::any_of(info.aliases, [&](std::string_view alias) {
                   return alias == name || livepusher::kebabCase(alias) == name;
               });
    });
    return found == all.end() ? nullptr : &*found;
}

std::vector<std::string> propertyNames() {
    std::vector<std::string> names;
    for (const auto& info : livepusher::allProperties()) names.emplace_back(info.name);
    return names;
}

std::string suggestion(std::string_view name, std::span<const std::string> candidates) {
    const auto nearest = livepusher::nearestName(name, candidates);
    return nearest.empty() ? "" : "; did you mean " + std::string(nearest) + "?";
}

}  // namespace program
