// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/context.hpp>
#include <livepusher/devices.hpp>
#include <livepusher/error.hpp>
#include <livepusher/events.hpp>
#include <livepusher/export.hpp>
#include <livepusher/properties.hpp>

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace livepusher {

/// Events and results as JSON: one object on one line, `event` first and `time`, in ms since 1970, last.
/// Bytes that are no UTF-8 become U+FFFD. All functions of this header are [any-thread].
LIVEPUSHER_API std::string toJson(const StateChangeEvent& event);
LIVEPUSHER_API std::string toJson(const NetStatusEvent& event);     ///< netstatus
LIVEPUSHER_API std::string toJson(const ErrorEvent& event);         ///< error
LIVEPUSHER_API std::string toJson(const BgmProgressEvent& event);   ///< bgmprogress
LIVEPUSHER_API std::string audioVolumeJson(int level);              ///< audiovolumenotify
LIVEPUSHER_API std::string plainEventJson(std::string_view event);  ///< one without payload: bgmstart
/// The result of the method of that name: `event` is "result".
LIVEPUSHER_API std::string toJson(std::string_view method, const MethodResult& result);
/// The same of snapshot(), with the picture's path and size.
LIVEPUSHER_API std::string toJson(std::string_view method, const SnapshotResult& result);
/// The same of getMaxZoom(), with the factor.
LIVEPUSHER_API std::string toJson(std::string_view method, const MaxZoomResult& result);
/// What listDevices() found: {"cameras":[…],"microphones":[…],"screens":[…],"notes":[…]}, the members named as in DeviceList.
LIVEPUSHER_API std::string toJson(const DeviceList& devices);
/// What listEncoders() found, as an array.
LIVEPUSHER_API std::string toJson(std::span<const EncoderInfo> encoders);

LIVEPUSHER_API std::string toJson(const NetStatus& status);  ///< the `info` of netstatus
/// Every property with its value; what is unset is null. With the stream key: not for a log.
LIVEPUSHER_API std::string toJson(const Properties& properties);
/// What resolve() came to.
LIVEPUSHER_API std::string toJson(const Resolved& resolved);
LIVEPUSHER_API std::string propertyTableJson();  ///< allProperties() as an array

/// Takes an event's name, its code (0 but for statechange and error) and all of it as JSON.
using JsonSink = std::function<void(std::string_view event, int code, const std::string& json)>;

/// Handlers that hand every event to `sink` as JSON; onPreviewFrame stays empty.
LIVEPUSHER_API Handlers jsonHandlers(const JsonSink& sink);

/// Properties to set, by their camelCase names, as setProperty() takes them.
using PropertyTexts = std::vector<std::pair<std::string, std::string>>;

/// The members of a JSON object, in any spelling; null is the default. Errors: InvalidArgument for what is no
/// object, an unknown name or a value of another type than the property's.
LIVEPUSHER_API Result<PropertyTexts> propertyTexts(std::string_view json);

/// Sets all of `texts`, or, at the first that is refused, leaves `properties` as they were.
LIVEPUSHER_API Result<void> setProperties(Properties& properties, const PropertyTexts& texts);

/// {"properties":{...}, "sources":{"video":"...","audio":"...","loop":false}, "source":"...", "recordPath":"...",
/// "window":{"title":"...","width":0,"height":0}}, each part optional; "source" stands for picture and sound, "window" opens
/// one unless it has "enabled":false. Handlers, executor and custom render are the caller's to add.
LIVEPUSHER_API Result<ContextOptions> contextOptions(std::string_view json);

/// Takes a method's result, and all that it returns as JSON.
using JsonResult = std::function<void(const MethodResult& result, const std::string& json)>;

/// Calls the method of that documented name with the members of a JSON object as its options (empty: none). `done` is called
/// exactly once, on the event thread, unless the call itself is refused: InvalidArgument for an unknown method or
/// option, or an option of the wrong type.
LIVEPUSHER_API Result<void> callMethod(LivePusherContext& context, std::string_view method, std::string_view options,
                                       JsonResult done);

/// The names that callMethod() knows: every method of the live-pusher documents. Static lifetime.
LIVEPUSHER_API std::vector<std::string_view> methodNames();

/// update() to all of `texts`. Errors: as setProperties(); what only the properties in force forbid comes to `options`.
LIVEPUSHER_API Result<void> updateProperties(LivePusherContext& context, PropertyTexts texts, CallOptions options = {});

}  // namespace livepusher
