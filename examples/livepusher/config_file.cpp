// SPDX-License-Identifier: MIT
#include "config_file.hpp"

#include "names.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace program {

namespace {
livepusher::Error invalid(std::string message) { return {livepusher::Code::InvalidArgument, std::move(message)}; }
}  // namespace

livepusher::Result<Config> parseConfig(const Json& object) {
    if (!object.is_object()) return invalid("must be one JSON object");
    Config config;
    const std::array<std::pair<std::string, std::optional<std::string>*>, 3> specs{
        {{"source", &config.source}, {"videoSource", &config.videoSource}, {"audioSource", &config.audioSource}}};

    for (const auto& [key, value] : object.items()) {
        bool isSpec = false;
        for (const auto& [name, spec] : specs) {
            if (key != name && key != kebabCase(name)) continue;
            if (!value.is_string()) return invalid(key + " " + toLine(value) + ": must be a string");
            *spec = value.get<std::string>();
            isSpec = true;
        }
        if (isSpec) continue;
        const auto* info = findProperty(key);
        if (info == nullptr) {
            auto names = propertyNames();
            for (const auto& [name, spec] : specs) names.push_back(name);
            return invalid("unknown key \"" + key + "\"" + suggestion(key, names));
        }
        auto text = propertyText(*info, value);
        if (!text) return text.error();
        config.properties.emplace_back(info->name, *text);
    }
    if (config.source && (config.videoSource || config.audioSource))
        return invalid("source stands for both: leave out videoSource and audioSource");
    return config;
}

livepusher::Result<Config> readConfig(const std::string& path) {
    std::ifstream file(path);
    if (!file) return invalid("can't read " + path + ": " + std::strerror(errno));  // NOLINT(concurrency-mt-unsafe)
    const Json object = Json::parse(file, nullptr, false, true);
    if (object.is_discarded()) return invalid(path + ": is no valid JSON");
    auto config = parseConfig(object);
    if (!config) return invalid(path + ": " + config.error().message);
    return config;
}

}  // namespace program
