// SPDX-License-Identifier: MIT
#pragma once

#include "json.hpp"

#include <optional>
#include <string>

namespace program {

/// What `--config FILE.json` holds: properties in either spelling, and where picture and sound come from.
struct Config {
    livepusher::PropertyTexts properties;
    std::optional<std::string> source, videoSource, audioSource, fallback, fallbackAudio, frontCamera, backCamera;
};

/// Errors: InvalidArgument, with the file's name and, for an unknown key, the nearest known one.
livepusher::Result<Config> readConfig(const std::string& path);
livepusher::Result<Config> parseConfig(const Json& object);

}  // namespace program
