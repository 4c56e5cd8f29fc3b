// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace livepusher::base {

/// App and stream name of an RTMP URL.
struct RtmpPath {
    std::string_view app, key;

    /// What follows "host/", cut where FFmpeg cuts it: app/key, app/instance/key. A query belongs to what it stands behind: up to
    /// a "/" that makes an app of it, "live2?backup=1/KEY"; from the second "/" on, or behind a ":" ("mp4:folder/film"), nothing
    /// is cut, nor at the "/" that a query's value begins with ("key?next=/a/b", which FFmpeg cuts). With no "/" all of it is the
    /// app, and the key is empty.
    static RtmpPath cut(std::string_view path);
};

/// The folders of an app that people may see, each with a "/" behind it: no query, and "***" for one that is the key.
std::string shownApp(std::string_view app, std::string_view key);

}  // namespace livepusher::base
