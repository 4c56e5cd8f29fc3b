// SPDX-License-Identifier: MIT
#include "property_json.hpp"

#include "names.hpp"
#include "secrets.hpp"

#include <algorithm>

namespace program {

namespace {

livepusher::Error invalid(std::string message) { return {livepusher::Code::InvalidArgument, std::move(message)}; }

livepusher::Error wrongType(const livepusher::PropertyInfo& info, const Json& value) {
    return invalid(std::string(info.name) + " " + scrub(toLine(value)) + ": must be of type " + info.type + " (" + info.allowed +
                   ")");
}

Json valueToJson(const livepusher::PropertyInfo& info, const std::string& text) {
    if (info.type == "list") {
        Json list = Json::array();
        for (std::size_t start = 0; start < text.size();) {
            const std::size_t comma = std::min(text.find(',', start), text.size());
            list.push_back(text.substr(start, comma - start));
            start = comma + 1;
        }
        return list;
    }
    if (info.type == "string") return text;
    if (text.empty()) return nullptr;
    if (info.type == "bool") return text == "true";
    if (info.type == "int" || info.type == "number") {
        Json number = Json::parse(text, nullptr, false);
        if (number.is_number()) return number;
    }
    return text;
}

}  // namespace

livepusher::Result<std::string> propertyText(const livepusher::PropertyInfo& info, const Json& value) {
    if (value.is_null()) return std::string();
    if (info.type == "bool") return value.is_boolean() ? livepusher::Result<std::string>(value.dump()) : wrongType(info, value);
    if (info.type == "int" || info.type == "number") {
        return value.is_number() ? livepusher::Result<std::string>(value.dump()) : wrongType(info, value);
    }
    if (info.type == "list" && value.is_array()) {
        std::string joined;
        for (const auto& item : value) {
            if (!item.is_string()) return wrongType(info, value);
            joined += (joined.empty() ? "" : ",") + item.get<std::string>();
        }
        return joined;
    }
    return value.is_string() ? livepusher::Result<std::string>(value.get<std::string>()) : wrongType(info, value);
}

livepusher::Result<PropertyTexts> propertyTexts(const Json& object) {
    PropertyTexts texts;
    for (const auto& [key, value] : object.items()) {
        const auto* info = findProperty(key);
        if (info == nullptr) return invalid("unknown property \"" + key + "\"" + suggestion(key, propertyNames()));
        auto text = propertyText(*info, value);
        if (!text) return text.error();
        texts.emplace_back(info->name, *text);
    }
    return texts;
}

livepusher::Result<void> setAll(livepusher::Properties& properties, const PropertyTexts& texts) {
    auto changed = properties;
    for (const auto& [name, text] : texts) {
        if (auto set = livepusher::setProperty(changed, name, text); !set) return set;
    }
    properties = std::move(changed);
    return {};
}

Json toJson(const livepusher::Properties& properties) {
    Json object = Json::object();
    for (const auto& info : livepusher::allProperties()) {
        const auto text = livepusher::formatProperty(properties, info.name);
        if (!text) continue;  // can't be: the name is the table's own
        object[std::string(info.name)] = info.name == "url" ? Json(redactUrl(*text)) : valueToJson(info, *text);
    }
    return object;
}

Json toJson(const livepusher::Resolved& resolved) {
    return {{"width", resolved.width},
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
            {"lowLatency", resolved.lowLatency},
            {"video", resolved.video},
            {"audio", resolved.audio},
            {"notes", resolved.notes}};
}

}  // namespace program
