// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace program {

/// JSON that keeps the order in which its keys were written.
using Json = nlohmann::ordered_json;

/// `value` on one line. Bytes that are no UTF-8 (a file's name can be anything) become U+FFFD.
inline std::string toLine(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace program
