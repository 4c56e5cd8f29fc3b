// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace livepusher::json {

/// JSON that keeps the order in which its keys were written.
using Json = nlohmann::ordered_json;

/// `value` on one line; bytes that are no UTF-8 become U+FFFD.
std::string toLine(const Json& value);

/// An object out of text; blank text is an empty one. `what` is told in errors ("options"), never the text itself: it may
/// hold a stream key. Errors: InvalidArgument, also for what is nested deeper than anything here needs.
Result<Json> parseObject(std::string_view text, std::string_view what);

/// `value` for an error message; what may hold a secret, or is long, by its kind only.
std::string shown(const Json& value);

}  // namespace livepusher::json
