// SPDX-License-Identifier: MIT
#include "net/rtmp_path.hpp"

#include <algorithm>

namespace livepusher::base {

namespace {

// "key?next=/a/b": the "/" begins a value.
bool beginsValue(std::string_view path, std::size_t slash) {
    const auto field = path.substr(0, slash).find_last_of("?&");
    return field != path.npos && path.substr(field, slash - field).find('=') == slash - field - 1;
}

}  // namespace

RtmpPath RtmpPath::cut(std::string_view path) {
    const auto first = path.find('/');
    if (first == path.npos) return {path, {}};
    const auto second = path.find('/', first + 1);
    const auto colon = path.find(':', first + 1);
    const auto at = second == path.npos || colon < second || beginsValue(path, second) ? first : second;
    return {path.substr(0, at), path.substr(at + 1)};
}

std::string shownApp(std::string_view app, std::string_view key) {
    if (const auto question = app.find('?'); question != app.npos) {
        // A server may mean the query by a "/" that is cut here, "live/key?sign=a/b": the folder before it can be the key.
        const auto slash = app.substr(0, question).rfind('/');
        app = app.substr(0, slash == app.npos ? question : slash);
    }
    key = key.substr(0, key.find('?'));
    std::string shown;
    while (!app.empty()) {
        const auto folder = app.substr(0, app.find('/'));
        app.remove_prefix(std::min(folder.size() + 1, app.size()));
        if (folder.empty()) continue;
        shown += folder == key ? "***" : folder;
        shown += '/';
    }
    return shown;
}

}  // namespace livepusher::base
