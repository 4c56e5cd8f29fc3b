// SPDX-License-Identifier: MIT
#pragma once

#include "json.hpp"

#include <livepusher/context.hpp>

#include <functional>

namespace program {

/// Takes the one answer to a request.
using ResultSink = std::function<void(Json result)>;

/// Calls the method that `request` names, with its other members as options; `sink` gets the result, on the event thread,
/// or at once when the request itself is wrong.
void callMethod(livepusher::LivePusherContext& context, const Json& request, const ResultSink& sink);

/// Sets all of `properties`, an object, or none.
void setProperties(livepusher::LivePusherContext& context, const Json& properties, const ResultSink& sink);

/// Answers {"get": …}.
void getState(livepusher::LivePusherContext& context, const Json& what, const ResultSink& sink);

}  // namespace program
