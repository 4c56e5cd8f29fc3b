// SPDX-License-Identifier: MIT
#include <livepusher/player_json.hpp>

#include "json/json.hpp"
#include "json/options.hpp"
#include "json/property_values.hpp"
#include "json/window.hpp"

namespace livepusher {

Result<PlayerOptions> playerOptions(std::string_view text) {
    const auto object = json::parseObject(text, "options");
    if (!object) return object.error();
    json::Options options(*object, {"properties", "recordPath", "window"});
    PlayerOptions made;
    made.recordPath = options.text("recordPath", "");
    if (auto checked = options.checked(); !checked) return checked.error();
    if (auto read = json::readWindow(*object, made.window); !read) return read.error();
    if (auto set = json::readProperties(*object, made.properties); !set) return set.error();
    return made;
}

}  // namespace livepusher
