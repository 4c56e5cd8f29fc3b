// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/calls.hpp>
#include <livepusher/error.hpp>
#include <livepusher/export.hpp>
#include <livepusher/json.hpp>
#include <livepusher/player.hpp>
#include <livepusher/player_events.hpp>
#include <livepusher/player_options.hpp>
#include <livepusher/player_properties.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace livepusher {

/// A player's events as JSON, in the form of <livepusher/json.hpp>, which has the others. All functions of this header are
/// [any-thread].
LIVEPUSHER_API std::string toJson(const PlayerNetStatusEvent& event);   ///< netstatus
LIVEPUSHER_API std::string toJson(const FullScreenChangeEvent& event);  ///< fullscreenchange
/// message: its text as "message" where it is one of sendMessage()'s, else its bytes in hex as "data".
LIVEPUSHER_API std::string toJson(const PlayerMessageEvent& event);

LIVEPUSHER_API std::string toJson(const PlayerNetStatus& status);  ///< the `info` of netstatus
/// Every property with its value; what is unset is null. With playUrl and proxy: not for a log.
LIVEPUSHER_API std::string toJson(const PlayerProperties& properties);
/// What resolve() came to.
LIVEPUSHER_API std::string toJson(const PlayerResolved& resolved);
LIVEPUSHER_API std::string playerPropertyTableJson();  ///< allPlayerProperties() as an array

/// Handlers that hand every event to `sink` as JSON; onVideoFrame and onAudioBlock stay empty.
LIVEPUSHER_API PlayerHandlers jsonPlayerHandlers(const JsonSink& sink);

/// As propertyTexts(), of a player's properties.
LIVEPUSHER_API Result<PropertyTexts> playerPropertyTexts(std::string_view json);

/// Sets all of `texts`, or, at the first that is refused, leaves `properties` as they were.
LIVEPUSHER_API Result<void> setProperties(PlayerProperties& properties, const PropertyTexts& texts);

/// {"properties":{...}, "recordPath":"...", "window":{"title":"...","width":0,"height":0}}, each part optional; "window" opens
/// one unless it has "enabled":false. Handlers, executor and resolveUrl are the caller's to add.
LIVEPUSHER_API Result<PlayerOptions> playerOptions(std::string_view json);

/// As callMethod(), of a player's methods.
LIVEPUSHER_API Result<void> callPlayerMethod(LivePlayerContext& context, std::string_view method, std::string_view options,
                                             JsonResult done);

/// The names that callPlayerMethod() knows. Static lifetime.
LIVEPUSHER_API std::vector<std::string_view> playerMethodNames();

/// update() to all of `texts`. Errors: as setProperties(); what only the properties in force forbid comes to `options`.
LIVEPUSHER_API Result<void> updateProperties(LivePlayerContext& context, PropertyTexts texts, CallOptions options = {});

}  // namespace livepusher
