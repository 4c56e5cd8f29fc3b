// SPDX-License-Identifier: MIT
#include <livepusher/json.hpp>

#include "json/json.hpp"
#include "json/options.hpp"
#include "json/property_values.hpp"
#include "json/window.hpp"

namespace livepusher {

namespace {

using json::Json;
using json::Options;

Result<void> readSources(const Json& object, Sources& sources) {
    if (!object.is_object()) return Error{Code::InvalidArgument, "sources: must be an object"};
    Options options(object, {"video", "audio", "loop", "frontCamera", "backCamera", "playlist", "fallback", "fallbackAudio"});
    sources.video = options.text("video", sources.video);
    sources.audio = options.text("audio", sources.audio);
    sources.loop = options.flag("loop", sources.loop);
    sources.frontCamera = options.text("frontCamera", sources.frontCamera);
    sources.backCamera = options.text("backCamera", sources.backCamera);
    sources.playlist = options.texts("playlist");
    sources.fallback = options.text("fallback", sources.fallback);
    sources.fallbackAudio = options.text("fallbackAudio", sources.fallbackAudio);
    return options.checked();
}

}  // namespace

Result<ContextOptions> contextOptions(std::string_view text) {
    const auto object = json::parseObject(text, "options");
    if (!object) return object.error();
    Options options(*object, {"properties", "sources", "source", "recordPath", "window"});
    ContextOptions made;
    made.recordPath = options.text("recordPath", "");
    const std::string source = options.text("source", "");
    const bool hasSources = object->contains("sources");
    if (hasSources && object->contains("source")) options.complain("source stands for both: leave out sources");
    if (object->contains("source") && source.empty()) options.complain("source: must not be empty");
    if (auto checked = options.checked(); !checked) return checked.error();
    if (!source.empty()) made.sources.video = made.sources.audio = source;
    if (hasSources) {
        if (auto read = readSources((*object)["sources"], made.sources); !read) return read.error();
    }
    if (auto read = json::readWindow(*object, made.window); !read) return read.error();
    if (auto set = json::readProperties(*object, made.properties); !set) return set.error();
    return made;
}

}  // namespace livepusher
