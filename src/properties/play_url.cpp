// SPDX-License-Identifier: MIT
#include "properties/play_url.hpp"

#include "base/ascii.hpp"
#include "base/pasted.hpp"
#include "base/place.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace livepusher::properties {

namespace {

constexpr const char* kAllowed =
    "must begin with rtmp:// or rtmps://, be an http(s) URL whose path ends in .flv, or name a .flv file";
constexpr const char* kNoHls =
    "is HLS, which is not played: ask where the same stream is to be had as rtmp:// or as http(s)://….flv";

bool endsIn(std::string_view path, std::string_view ending) {
    return path.size() > ending.size() && base::lower(path.substr(path.size() - ending.size())) == ending;
}

Error mistake(std::string_view scheme, const std::string& what) {
    const std::string shown = scheme.empty() ? "…" : std::string(scheme) + "://…";
    return {Code::InvalidArgument, "playUrl \"" + shown + "\": " + what};
}

Result<void> checkFile(std::string_view text, const std::string& path) {
    if (endsIn(path, ".flv")) return {};
    if (endsIn(path, ".m3u8")) return mistake("", kNoHls);
    if (const auto stray = base::strayCharacter(text); !stray.empty())
        return mistake("", "holds " + stray + "; what is left is not a URL: it " + kAllowed);
    return mistake("", std::string(kAllowed) + "; no other file is played");
}

/// `rest` is what follows "://".
Result<void> checkPath(std::string_view scheme, std::string_view rest) {
    const auto wanted = [&](const char* path) { return "after \"" + std::string(scheme) + "://\" comes " + path; };
    const auto path = rest.substr(0, rest.find_first_of("?#"));
    const auto slash = path.find('/');
    const bool named = slash != path.npos && slash + 1 < path.size() && path[slash + 1] != '/';
    if (scheme == "rtmp" || scheme == "rtmps") {
        if (!named) return mistake(scheme, "app and stream are missing; " + wanted("host/app/stream"));
        return {};
    }
    if (endsIn(path, ".m3u8")) return mistake(scheme, kNoHls);
    if (!named || !endsIn(path, ".flv"))
        return mistake(scheme,
                       "over HTTP an FLV stream is played, of a path that ends in .flv; " + wanted("host/path/stream.flv"));
    return {};
}

Result<void> check(std::string_view text, const base::Place& place) {
    const auto& scheme = place.scheme;
    if (!place.isUrl()) return checkFile(text, place.text);
    if (scheme == "srt")
        return mistake(scheme, "a player takes no SRT: ask where the same stream is to be had as rtmp:// or as http(s)://….flv");
    if (scheme != "rtmp" && scheme != "rtmps" && !place.isHttp()) return mistake(scheme, kAllowed);
    return checkPath(scheme, text.substr(std::min(scheme.size() + 3, text.size())));
}

}  // namespace

Result<base::Url> parsePlayUrl(std::string_view text) {
    constexpr std::string_view kUrl = "url";
    if (text.empty()) return Error{Code::InvalidArgument, "playUrl is empty: give an rtmp, rtmps or http(s) URL, or a .flv file"};
    const auto bare = base::Url::withoutWrapping(text);
    if (const auto place = base::Place::parse(bare)) {
        if (auto checked = check(bare, *place); !checked) return checked.error();
    }
    auto url = base::Url::parse(text);
    if (url) return url;
    auto error = url.error();  // of what is wrong in every URL, and tells it of `url`
    if (error.message.starts_with(kUrl)) error.message.replace(0, kUrl.size(), "playUrl");
    return error;
}

}  // namespace livepusher::properties
