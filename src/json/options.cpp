// SPDX-License-Identifier: MIT
#include "json/options.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace livepusher::json {

namespace {

Json unquoted(const Json& value) {
    return value.is_string() ? Json::parse(value.get_ref<const std::string&>(), nullptr, false) : value;
}

}  // namespace

Options::Options(const Json& object, std::initializer_list<std::string_view> known) : object_(object) {
    for (const auto& [key, value] : object.items()) {
        if (std::ranges::find(known, key) != known.end()) continue;
        std::string names;
        for (const auto name : known) names += (names.empty() ? "" : ", ") + std::string(name);
        complain("unknown option \"" + key.substr(0, 64) + "\"" + (names.empty() ? ": it takes none" : ": it takes " + names));
    }
}

const Json* Options::find(const char* name, bool optional, bool (*fits)(const Json&), const char* must) {
    const auto found = object_.find(name);
    if (found == object_.end()) {
        if (!optional) complain(std::string(name) + " is missing");
        return nullptr;
    }
    if (fits(*found)) return &*found;
    complain(std::string(name) + " " + shown(*found) + ": must be " + must);
    return nullptr;
}

std::string Options::text(const char* name, const std::optional<std::string>& otherwise) {
    const Json* value = find(
        name, otherwise.has_value(), [](const Json& v) { return v.is_string(); }, "a string");
    return value ? value->get<std::string>() : otherwise.value_or("");
}

std::vector<std::string> Options::texts(const char* name) {
    const Json* value = find(
        name, true,
        [](const Json& v) { return v.is_array() && std::ranges::all_of(v, [](const Json& each) { return each.is_string(); }); },
        "a list of strings");
    return value ? value->get<std::vector<std::string>>() : std::vector<std::string>();
}

bool Options::flag(const char* name, bool otherwise) {
    const Json* value = find(
        name, true, [](const Json& v) { return v.is_boolean(); }, "true or false");
    return value ? value->get<bool>() : otherwise;
}

double Options::number(const char* name) {
    const Json* value = find(
        name, false, [](const Json& v) { return unquoted(v).is_number(); }, "a number");
    return value ? unquoted(*value).get<double>() : 0;
}

int Options::whole(const char* name, int otherwise) {
    constexpr std::int64_t kMost = std::numeric_limits<int>::max();
    const auto fits = [](const Json& v) { return v.is_number_integer() && v >= -kMost && v <= kMost; };
    const Json* value = find(name, true, fits, "a whole number");
    return value ? value->get<int>() : otherwise;
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
