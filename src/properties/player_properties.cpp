// SPDX-License-Identifier: MIT
#include <livepusher/player_properties.hpp>

#include "properties/by_name.hpp"
#include "properties/fields.hpp"

#include <string>
#include <vector>

namespace livepusher {

namespace {

struct Caches {
    double minCache, maxCache;  // s
};

/// Of the mode, where nothing is set.
Caches usual(PlayMode mode) { return mode == PlayMode::RTC ? Caches{0.2, 0.8} : Caches{1.0, 3.0}; }

Result<void> checkCaches(const PlayerProperties& p) {
    const auto [least, most] = resolve(p);
    if (least <= most) return {};
    const auto format = [&](const char* name) {
        return std::string(name) + " " + properties::find<PlayerProperties>(name)->field.format(p);
    };
    const auto ofMode = [&](const char* name, double value) {
        return std::string(name) + " " + properties::formatNumber(value) + " of " + format("mode") + ": set " + name + " too";
    };
    if (p.minCache && p.maxCache)
        return Error{Code::InvalidArgument, format("minCache") + ": must not be above " + format("maxCache")};
    if (p.minCache) return Error{Code::InvalidArgument, format("minCache") + ": must not be above " + ofMode("maxCache", most)};
    return Error{Code::InvalidArgument, format("maxCache") + ": must not be below " + ofMode("minCache", least)};
}

}  // namespace

std::span<const PropertyInfo> allPlayerProperties() {
    static const std::vector<PropertyInfo> infos(properties::table<PlayerProperties>().begin(),
                                                 properties::table<PlayerProperties>().end());
    return infos;
}

Result<void> setProperty(PlayerProperties& properties, std::string_view name, std::string_view value) {
    return properties::setByName(properties, name, value);
}

Result<std::string> formatProperty(const PlayerProperties& properties, std::string_view name) {
    return properties::formatByName(properties, name);
}

Result<void> validate(const PlayerProperties& properties) {
    if (auto valid = properties::checkEach(properties); !valid) return valid;
    return checkCaches(properties);
}

PlayerResolved resolve(const PlayerProperties& properties) {
    const auto mode = usual(properties.mode);
    return {.minCache = properties.minCache.value_or(mode.minCache), .maxCache = properties.maxCache.value_or(mode.maxCache)};
}

}  // namespace livepusher
