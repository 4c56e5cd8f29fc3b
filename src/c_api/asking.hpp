// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/json.hpp>

#include "c_api/handle.hpp"

#include <string>
#include <string_view>

namespace livepusher::c_api {

// What can be asked of a pusher and of a player.

template <typename P>
Result<std::string> resolvedJson(const P& properties) {
    if (auto valid = validate(properties); !valid) return valid.error();
    return toJson(resolve(properties));
}

/// Of properties in JSON, of which `read` makes texts.
template <typename P>
int resolveProperties(const char* properties, Result<PropertyTexts> (*read)(std::string_view), char** json) {
    return guarded([&]() -> Result<void> {
        const auto texts = read(properties ? properties : "");
        if (!texts) return texts.error();
        P made;
        if (auto set = setProperties(made, *texts); !set) return set;
        const auto resolved = resolvedJson(made);
        return resolved ? copyOut("json", *resolved, json) : resolved.error();
    });
}

template <typename AnyHandle>
int getProperty(const AnyHandle* handle, const char* name, char** value) {
    return withContext(handle, [&](const auto& context) -> Result<void> {
        if (!name) return missing("name");
        const auto text = formatProperty(context.properties(), name);
        return text ? copyOut("value", *text, value) : text.error();
    });
}

template <typename AnyHandle>
int getProperties(const AnyHandle* handle, char** json) {
    return withContext(handle, [&](const auto& context) { return copyOut("json", toJson(context.properties()), json); });
}

template <typename AnyHandle>
int getResolved(const AnyHandle* handle, char** json) {
    return withContext(handle, [&](const auto& context) -> Result<void> {
        const auto resolved = resolvedJson(context.properties());
        return resolved ? copyOut("json", *resolved, json) : resolved.error();
    });
}

template <typename AnyHandle>
int getState(const AnyHandle* handle, int* state) {
    return withContext(handle, [&](const auto& context) -> Result<void> {
        if (!state) return missing("state");
        *state = static_cast<int>(context.state());
        return {};
    });
}

template <typename AnyHandle>
int getNetStatus(const AnyHandle* handle, char** json) {
    return withContext(handle, [&](const auto& context) { return copyOut("json", toJson(context.netStatus()), json); });
}

}  // namespace livepusher::c_api
