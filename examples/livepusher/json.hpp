// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/json.hpp>
#include <livepusher/player_properties.hpp>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace program {

/// JSON that keeps the order in which its keys were written.
using Json = nlohmann::ordered_json;

/// `value` on one line. Bytes that are no UTF-8 (a file's name can be anything) become U+FFFD.
std::string toLine(const Json& value);

/// What `text` holds; is_discarded() when it is no JSON, or nested deeper than any request is.
Json parseJson(std::string_view text, bool withComments = false);

/// A method's result, as the library tells it.
Json resultJson(std::string_view method, int errCode, const std::string& errMsg);

/// Every property with its value for people: the URL is redacted, other secrets are "***".
Json shownProperties(const livepusher::Properties& properties);
Json shownProperties(const livepusher::PlayerProperties& properties);

}  // namespace program
