// SPDX-License-Identifier: MIT
#include "json/options.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace livepusher::json {

Options::Options(const Json& object, std::initializer_list<std::string_view> known) : object_(object) {
    for (const auto& [key, value] : object.items()) {
        if (std::ranges::find(known, key) != known.end()) continue;
        std::string names;
        for (const auto name : known) names += (names.empty() ? "" : ", ") + std::string(name);
        complain("unknown option \"" + key.substr(0, 64) + "\"" + (names.empty() ? ": it takes none" : ": it takes " + names));
    }
}

const Json* Options::find(const char* name, bool optional) {
    const auto found = object_.find(name);
    if (found != object_.end()) return &*found;
    if (!optional) complain(std::string(name) + " is missing");
    return nullptr;
}

std::string Options::text(const char* name, const std::optional<std::string>& otherwise) {
    const Json* value = find(name, otherwise.has_value());
    if (value == nullptr) return otherwise.value_or("");
    if (value->is_string()) return value->get<std::string>();
    complain(std::string(name) + " " + shown(*value) + ": must be a string");
    return {};
}

bool Options::flag(const char* name, bool otherwise) {
    const Json* value = find(name, true);
    if (value == nullptr) return otherwise;
    if (value->is_boolean()) return value->get<bool>();
    complain(std::string(name) + " " + shown(*value) + ": must be true or false");
    return otherwise;
}

double Options::number(const char* name) {
    const Json* value = find(name, false);
    if (value == nullptr) return 0;
    if (value->is_number()) return value->get<double>();
    if (value->is_string()) {
        const Json parsed = Json::parse(value->get_ref<const std::string&>(), nullptr, false);
        if (parsed.is_number()) return parsed.get<double>();
    }
    complain(std::string(name) + " " + shown(*value) + ": must be a number");
    return 0;
}

int Options::whole(const char* name, int otherwise) {
    const Json* value = find(name, true);
    if (value == nullptr) return otherwise;
    constexpr std::int64_t kMost = std::numeric_limits<int>::max();
    const bool fits = value->is_number_integer() && *value >= -kMost && *value <= kMost;
    if (fits) return value->get<int>();
    complain(std::string(name) + " " + shown(*value) + ": must be a whole number");
    return otherwise;
}

bool Options::choice(const char* name, const char* first, const char* second) {
    const std::string chosen = text(name, first);
    if (chosen != first && chosen != second)
        complain(std::string(name) + " " + shown(chosen) + ": must be " + first + " or " + second);
    return chosen == second;
}

void Options::complain(const std::string& what) {
    if (problem_.empty()) problem_ = what;
}

Result<void> Options::checked() const {
    if (problem_.empty()) return {};
    return Error{Code::InvalidArgument, problem_};
}

}  // namespace livepusher::json
