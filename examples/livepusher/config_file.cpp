// SPDX-License-Identifier: MIT
#include "config_file.hpp"

#include <livepusher/names.hpp>

#include "errors.hpp"
#include "names.hpp"

#include <array>
#include <fstream>
#include <sstream>

namespace program {

livepusher::Result<Config> parseConfig(const Json& object) {
    if (!object.is_object()) return invalid("must be one JSON object");
    Config config;
    const std::array<std::pair<std::string, std::optional<std::string>*>, 7> specs{{{"source", &config.source},
                                                                                    {"videoSource", &config.videoSource},
                                                                                    {"audioSource", &config.audioSource},
                                                                                    {"frontCamera", &config.frontCamera},
                                                                                    {"backCamera", &config.backCamera},
                                                                                    {"fallback", &config.fallback},
                                                                                    {"fallbackAudio", &config.fallbackAudio}}};

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
        if (findProperty(key) == nullptr) {
            auto names = propertyNames();
            for (const auto& [name, spec] : specs) names.push_back(name);
            return invalid("unknown key \"" + key + "\"" + suggestion(key, names));
        }
        properties[key] = value;
    }
    auto texts = livepusher::propertyTexts(toLine(properties));
    if (!texts) return texts.error();
    config.properties = std::move(*texts);
    if (config.source && (config.videoSource || config.audioSource))
        return invalid("source stands for both: leave out videoSource and audioSource");
    return config;
}

livepusher::Result<Config> readConfig(const std::string& path) {
    std::ifstream file(path);
    if (!file) return invalid("can't read " + path + ": " + readProblem());
    std::stringstream text;
    text << file.rdbuf();
    const Json object = parseJson(text.str(), true);
    if (object.is_discarded()) return invalid(path + ": is not valid JSON");
    auto config = parseConfig(object);
    if (!config) return invalid(path + ": " + config.error().message);
    return config;
}

}  // namespace program
