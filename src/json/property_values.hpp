// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/json.hpp>

#include "json/json.hpp"
#include "properties/table.hpp"

#include <cassert>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace livepusher::json {

/// A property's value in JSON as the text that setProperty() takes; `takesBool` as Field has it. Errors: InvalidArgument for a
/// value of another type.
Result<std::string> valueText(const PropertyInfo& row, bool takesBool, const Json& value);

/// The same back; what is unset is null.
Json valueJson(const PropertyInfo& row, const std::string& text);

/// All rows of a table.
std::string tableJson(std::span<const PropertyInfo> rows);

/// What propertyTexts() does, for the properties P.
template <typename P>
Result<PropertyTexts> textsOf(std::string_view text) {
    const auto object = parseObject(text, "properties");
    if (!object) return object.error();
    PropertyTexts texts;
    for (const auto& [key, value] : object->items()) {
        const auto* row = properties::find<P>(key);
        if (row == nullptr) return formatProperty(P{}, key).error();  // unknown, with the nearest name
        auto valueAsText = valueText(*row, row->field.takesBool, value);
        if (!valueAsText) return valueAsText.error();
        texts.emplace_back(row->name, std::move(*valueAsText));
    }
    return texts;
}

/// What setProperties() does.
template <typename P>
Result<void> setAll(P& properties, const PropertyTexts& texts) {
    auto changed = properties;
    for (const auto& [name, text] : texts) {
        if (auto set = setProperty(changed, name, text); !set) return set;
    }
    properties = std::move(changed);
    return {};
}

/// The member "properties" of `options`; without it `properties` stay as they are.
template <typename P>
Result<void> readProperties(const Json& options, P& properties) {
    const auto object = options.find("properties");
    if (object == options.end()) return {};
    const auto texts = textsOf<P>(toLine(*object));
    return texts ? setAll(properties, *texts) : texts.error();
}

/// Every property with its value.
template <typename P>
Json objectOf(const P& properties) {
    Json object = Json::object();
    for (const auto& row : properties::table<P>()) object[std::string(row.name)] = valueJson(row, row.field.format(properties));
    return object;
}

/// What updateProperties() does, for a context of the properties P.
template <typename P, typename Context>
Result<void> updateAll(Context& context, PropertyTexts texts, CallOptions options) {
    P scratch;  // each value is judged here, so that the change below takes all of them
    if (auto set = setAll(scratch, texts); !set) return set;
    context.update(
        [texts = std::move(texts)](P& inForce) {
            [[maybe_unused]] const auto set = setAll(inForce, texts);
            assert(set);
        },
        std::move(options));
    return {};
}

}  // namespace livepusher::json
