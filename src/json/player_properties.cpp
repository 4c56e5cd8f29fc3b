// SPDX-License-Identifier: MIT
#include <livepusher/player_json.hpp>

#include "json/json.hpp"
#include "json/property_values.hpp"

#include <utility>

namespace livepusher {

Result<PropertyTexts> playerPropertyTexts(std::string_view text) { return json::textsOf<PlayerProperties>(text); }

Result<void> setProperties(PlayerProperties& properties, const PropertyTexts& texts) { return json::setAll(properties, texts); }

Result<void> updateProperties(LivePlayerContext& context, PropertyTexts texts, CallOptions options) {
    return json::updateAll<PlayerProperties>(context, std::move(texts), std::move(options));
}

std::string toJson(const PlayerProperties& properties) { return json::toLine(json::objectOf(properties)); }

std::string toJson(const PlayerResolved& resolved) {
    return json::toLine({{"minCache", resolved.minCache}, {"maxCache", resolved.maxCache}});
}

std::string playerPropertyTableJson() { return json::tableJson(allPlayerProperties()); }

}  // namespace livepusher
