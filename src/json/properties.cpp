// SPDX-License-Identifier: MIT
#include <livepusher/json.hpp>

#include "json/json.hpp"
#include "json/targets.hpp"
#include "properties/table.hpp"
#include "properties/targets.hpp"

#include <algorithm>

namespace livepusher {

namespace {

using json::Json;

Error wrongType(const properties::Row<Properties>& row, const Json& value) {
    const std::string text = row.secret ? value.type_name() : json::shown(value);
    return {Code::InvalidArgument,
            std::string(row.name) + " " + text + ": must be of type " + row.field.type + " (" + row.field.allowed + ")"};
}

Result<std::string> listText(const properties::Row<Properties>& row, const Json& list) {
    std::string joined;
    for (const auto& item : list) {
        if (!item.is_string()) return wrongType(row, list);
        joined += (joined.empty() ? "" : ",") + item.get<std::string>();
    }
    return joined;
}

Result<std::string> valueText(const properties::Row<Properties>& row, const Json& value) {
    const auto& type = row.field.type;
    if (value.is_null()) return row.field.format(Properties{});
    if (row.name == "targets" && value.is_array()) {
        const auto targets = json::readTargets(value);
        if (!targets) return targets.error();
        return properties::formatTargets(*targets);
    }
    if (row.field.takesBool && value.is_boolean()) return value.dump();
    if (type == "bool" ? value.is_boolean() : (type == "int" || type == "number") && value.is_number()) return value.dump();
    if (type == "list" && value.is_array()) return listText(row, value);
    const bool isText = type == "string" || type == "enum" || type == "list";
    if (isText && value.is_string()) return value.get<std::string>();
    return wrongType(row, value);
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

Json valueJson(const properties::Row<Properties>& row, const std::string& text) {
    const auto& type = row.field.type;
    if (type == "list") return list(text);
    if (type == "string") return text;
    if (text.empty()) return nullptr;
    if (type == "bool") return text == "true";
    if (type == "int" || type == "number") return Json::parse(text);
    return text;
}

}  // namespace

Result<PropertyTexts> propertyTexts(std::string_view text) {
    const auto object = json::parseObject(text, "properties");
    if (!object) return object.error();
    PropertyTexts texts;
    for (const auto& [key, value] : object->items()) {
        const auto* row = properties::find<Properties>(key);
        if (row == nullptr) return formatProperty(Properties{}, key).error();  // unknown, with the nearest name
        auto valueAsText = valueText(*row, value);
        if (!valueAsText) return valueAsText.error();
        texts.emplace_back(row->name, std::move(*valueAsText));
    }
    return texts;
}

Result<void> setProperties(Properties& properties, const PropertyTexts& texts) {
    auto changed = properties;
    for (const auto& [name, text] : texts) {
        if (auto set = setProperty(changed, name, text); !set) return set;
    }
    properties = std::move(changed);
    return {};
}

std::string toJson(const Properties& properties) {
    Json object = Json::object();
    for (const auto& row : properties::table<Properties>())
        object[std::string(row.name)] = valueJson(row, row.field.format(properties));
    object["targets"] = json::targetsJson(properties.targets);
    return json::toLine(object);
}

std::string toJson(const Resolved& resolved) {
    Properties chosen;
    chosen.mode = resolved.mode;
    chosen.audioCodec = resolved.audioCodec;
    return json::toLine({{"mode", properties::find<Properties>("mode")->field.format(chosen)},
                         {"autopush", resolved.autopush},
                         {"width", resolved.width},
                         {"height", resolved.height},
                         {"minWidth", resolved.minWidth},
                         {"minHeight", resolved.minHeight},
                         {"fps", resolved.fps},
                         {"gop", resolved.gop},
                         {"startBitrate", resolved.startBitrate},
                         {"minBitrate", resolved.minBitrate},
                         {"maxBitrate", resolved.maxBitrate},
                         {"audioSampleRate", resolved.audioSampleRate},
                         {"audioChannels", resolved.audioChannels},
                         {"audioBitrate", resolved.audioBitrate},
                         {"audioCodec", properties::find<Properties>("audioCodec")->field.format(chosen)},
                         {"lowLatency", resolved.lowLatency},
                         {"video", resolved.video},
                         {"audio", resolved.audio},
                         {"notes", resolved.notes}});
}

std::string propertyTableJson() {
    Json rows = Json::array();
    for (const auto& info : allProperties())
        rows.push_back({{"name", info.name},
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
    return json::toLine(rows);
}

}  // namespace livepusher
