// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/json.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace livepusher::testing {

inline nlohmann::ordered_json parsed(const std::string& line) { return nlohmann::ordered_json::parse(line); }

/// The names of an object's members, in their order.
inline std::vector<std::string> keys(const std::string& line) {
    std::vector<std::string> names;
    const auto object = parsed(line);
    for (const auto& [key, value] : object.items()) names.push_back(key);
    return names;
}

}  // namespace livepusher::testing
