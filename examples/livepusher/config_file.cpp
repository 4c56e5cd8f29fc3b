// SPDX-License-Identifier: MIT
#include "config_file.hpp"

#include <livepusher/names.hpp>

#include "errors.hpp"
#include "names.hpp"

#include <array>
#include <fstream>
#include <span>
#include <sstream>
#include <utility>

namespace program {

namespace {

/// A key that is no property, and where its value goes.
using Spec = std::pair<std::string, std::optional<std::string>*>;

/// The properties in `object`; what has one of the `specs`' keys goes there.
livepusher::Result<livepusher::PropertyTexts> parseProperties(const Json& object, const PropertyTable& table,
                                                              std::span<const Spec> specs) {
    if (!object.is_object()) return invalid("must be one JSON object");
    Json properties = Json::object();
    for (const auto& [key, value] : object.items()) {
        bool isSpec = false;
        for (const auto& [name, spec] : specs) {
            if (key != name && key != livepusher::kebabCase(name)) continue;
            if (!value.is_string()) return invalid(key + " " + toLine(value) + ": must be a string");
            *spec = value.get<std::string>();
            isSpec = true;
        }
        if (isSpec) continue;
        if (table.find(key) == nullptr) {
            auto names = table.names();
            for (const auto& [name, spec] : specs) names.push_back(name);
            return invalid("unknown key \"" + key + "\"" + suggestion(key, names));
        }
        properties[key] = value;
    }
    return table.texts(toLine(properties));
}

livepusher::Result<Json> readObject(const std::string& path) {
    std::ifstream file(path);
    if (!file) return invalid("can't read " + path + ": " + readProblem());
    std::stringstream text;
    text << file.rdbuf();
    Json object = parseJson(text.str(), true);
    if (object.is_discarded()) return invalid(path + ": is not valid JSON");
    return object;
}

}  // namespace

livepusher::Result<Config> parseConfig(const Json& object) {
    Config config;
    const std::array<Spec, 7> specs{{{"source", &config.source},
                                     {"videoSource", &config.videoSource},
                                     {"audioSource", &config.audioSource},
                                     {"frontCamera", &config.frontCamera},
                                     {"backCamera", &config.backCamera},
                                     {"fallback", &config.fallback},
                                     {"fallbackAudio", &config.fallbackAudio}}};
    auto texts = parseProperties(object, pusherTable(), specs);
    if (!texts) return texts.error();
    config.properties = std::move(*texts);
    if (config.source && (config.videoSource || config.audioSource))
        return invalid("source stands for both: leave out videoSource and audioSource");
    return config;
}

livepusher::Result<Config> readConfig(const std::string& path) {
    const auto object = readObject(path);
    if (!object) return object.error();
    auto config = parseConfig(*object);
    if (!config) return invalid(path + ": " + config.error().message);
    return config;
}

livepusher::Result<livepusher::PropertyTexts> readPlayerConfig(const std::string& path) {
    const auto object = readObject(path);
    if (!object) return object.error();
    auto texts = parseProperties(*object, playerTable(), {});
    if (!texts) return invalid(path + ": " + texts.error().message);
    return texts;
}

}  // namespace program
