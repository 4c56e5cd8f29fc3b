// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/json.hpp>

#include "json/json.hpp"

#include <string>

namespace livepusher::json {

/// An event's line: `object` with the time behind it.
std::string stamped(Json object);

/// Three digits after the point: what a figure of the net status is worth.
double rounded(double value);

/// Of the handlers of a pusher or a player: what both hear.
template <typename AnyHandlers>
AnyHandlers sharedHandlers(const JsonSink& sink) {
    const auto plain = [&](std::string_view event) { return [sink, event] { sink(event, 0, plainEventJson(event)); }; };
    AnyHandlers handlers;
    handlers.onStateChange = [sink](const auto& event) { sink("statechange", event.code, toJson(event)); };
    handlers.onNetStatus = [sink](const auto& event) { sink("netstatus", 0, toJson(event)); };
    handlers.onError = [sink](const auto& event) { sink("error", event.errCode, toJson(event)); };
    handlers.onAudioVolumeNotify = [sink](int level) { sink("audiovolumenotify", 0, audioVolumeJson(level)); };
    handlers.onAttached = plain("attached");
    handlers.onEnterPictureInPicture = plain("enterpictureinpicture");
    handlers.onLeavePictureInPicture = plain("leavepictureinpicture");
    return handlers;
}

}  // namespace livepusher::json
