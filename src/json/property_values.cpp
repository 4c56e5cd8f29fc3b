// SPDX-License-Identifier: MIT
#include "json/property_values.hpp"

#include "json/targets.hpp"
#include "properties/targets.hpp"

#include <algorithm>

namespace livepusher::json {

namespace {

Error wrongType(const PropertyInfo& row, const Json& value) {
    const std::string text = row.secret ? value.type_name() : shown(value);
    return {Code::InvalidArgument,
            std::string(row.name) + " " + text + ": must be of type " + row.type + " (" + row.allowed + ")"};
}

Result<std::string> listText(const PropertyInfo& row, const Json& list) {
    std::string joined;
    for (const auto& item : list) {
        if (!item.is_string()) return wrongType(row, list);
        joined += (joined.empty() ? "" : ",") + item.get<std::string>();
    }
    return joined;
}

Json list(const std::string& text) {
    Json items = Json::array();
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t comma = std::min(text.find(',', start), text.size());
        items.push_back(text.substr(start, comma - start));
        start = comma + 1;
    }
    return items;
}

}  // namespace

Result<std::string> valueText(const PropertyInfo& row, bool takesBool, const Json& value) {
    const auto& type = row.type;
    if (value.is_null()) return row.defaultValue;
    if (row.name == "targets" && value.is_array()) {
        const auto targets = readTargets(value);
        if (!targets) return targets.error();
        return properties::formatTargets(*targets);
    }
    if (takesBool && value.is_boolean()) return value.dump();
    if (type == "bool" ? value.is_boolean() : (type == "int" || type == "number") && value.is_number()) return value.dump();
    if (type == "list" && value.is_array()) return listText(row, value);
    const bool isText = type == "string" || type == "enum" || type == "list";
    if (isText && value.is_string()) return value.get<std::string>();
    return wrongType(row, value);
}

Json valueJson(const PropertyInfo& row, const std::string& text) {
    const auto& type = row.type;
    if (type == "list") return list(text);
    if (type == "string") return text;
    if (text.empty()) return nullptr;
    if (type == "bool") return text == "true";
    if (type == "int" || type == "number") return Json::parse(text);
    return text;
}

std::string tableJson(std::span<const PropertyInfo> rows) {
    Json made = Json::array();
    for (const auto& info : rows)
        made.push_back({{"name", info.name},
                        {"kebabName", info.kebabName},
                        {"aliases", info.aliases},
                        {"type", info.type},
                        {"allowed", info.allowed},
                        {"defaultValue", info.defaultValue},
                        {"whenUnset", info.whenUnset},
                        {"group", toString(info.group)},
                        {"applies", toString(info.applies)},
                        {"extension", info.extension},
                        {"effects", info.effects},
                        {"account", info.account},
                        {"secret", info.secret},
                        {"description", info.description}});
    return toLine(made);
}

}  // namespace livepusher::json
