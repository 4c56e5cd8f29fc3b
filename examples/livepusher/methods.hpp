// SPDX-License-Identifier: MIT
#pragma once

#include "controllable.hpp"
#include "json.hpp"

#include <functional>

namespace program {

/// Takes the one answer to a request.
using ResultSink = std::function<void(Json result)>;

/// Calls the method that `request` names, with its other members as options; `sink` gets the result, on the event thread,
/// or at once when the request itself is wrong.
void callMethod(Controllable& subject, const Json& request, const ResultSink& sink);

/// Sets all of `properties`, an object, or none.
void setProperties(Controllable& subject, const Json& properties, const ResultSink& sink);

/// Answers {"get": …}.
void getState(Controllable& subject, const Json& what, const ResultSink& sink);

}  // namespace program
