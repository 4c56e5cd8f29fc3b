// SPDX-License-Identifier: MIT
#pragma once

#include "json.hpp"
#include "property_table.hpp"

#include <optional>
#include <string>

namespace program {

/// What `--config FILE.json` of a push holds: properties in either spelling, and where picture and sound come from.
struct Config {
    livepusher::PropertyTexts properties;
    std::optional<std::string> source, videoSource, audioSource, fallback, fallbackAudio, frontCamera, backCamera;
};

/// Errors: InvalidArgument, with the file's name and, for an unknown key, the nearest known one.
livepusher::Result<Config> readConfig(const std::string& path);
livepusher::Result<Config> parseConfig(const Json& object);

/// The same of a player, whose configuration has nothing but its properties.
livepusher::Result<livepusher::PropertyTexts> readPlayerConfig(const std::string& path);

}  // namespace program
