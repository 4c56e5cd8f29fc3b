// SPDX-License-Identifier: MIT
#pragma once

#include "json.hpp"

#include <livepusher/livepusher.hpp>

#include <string>
#include <utility>
#include <vector>

namespace program {

/// Properties to set, by their camelCase names, as livepusher::setProperty() takes them.
using PropertyTexts = std::vector<std::pair<std::string, std::string>>;

/// One property's value from JSON, as the text that setProperty() takes. null unsets. Errors: InvalidArgument for a value
/// of another type than the property's.
livepusher::Result<std::string> propertyText(const livepusher::PropertyInfo& info, const Json& value);

/// All of an object's members as properties, in either spelling. Errors: InvalidArgument, for an unknown name with the nearest
/// one.
livepusher::Result<PropertyTexts> propertyTexts(const Json& object);

/// Sets all of `texts`, or, at the first that is refused, leaves `properties` as they were.
livepusher::Result<void> setAll(livepusher::Properties& properties, const PropertyTexts& texts);

/// Every property with its value; what is unset is null, and the url is redacted.
Json toJson(const livepusher::Properties& properties);

/// What the properties really mean.
Json toJson(const livepusher::Resolved& resolved);

}  // namespace program
