// SPDX-License-Identifier: MIT
#include "json/window.hpp"

#include "json/options.hpp"

namespace livepusher::json {

Result<void> readWindow(const Json& options, PreviewWindow& window) {
    const auto object = options.find("window");
    if (object == options.end()) return {};
    if (!object->is_object()) return Error{Code::InvalidArgument, "window: must be an object"};
    Options members(*object, {"enabled", "title", "width", "height"});
    window.enabled = members.flag("enabled", true);
    window.title = members.text("title", window.title);
    window.width = members.whole("width", window.width);
    window.height = members.whole("height", window.height);
    return members.checked();
}

}  // namespace livepusher::json
