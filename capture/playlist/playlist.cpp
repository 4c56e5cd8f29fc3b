// SPDX-License-Identifier: MIT
#include "capture/playlist/playlist.hpp"

#include <algorithm>

#include "base/ascii.hpp"
#include "capture/playlist/reader.hpp"

namespace livepusher::capture {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view withoutMark(std::string_view text) {
    return text.starts_with(kByteOrderMark) ? text.substr(kByteOrderMark.size()) : text;
}

bool isHls(std::string_view text) { return text.starts_with("#EXT-X-") || text.find("\n#EXT-X-") != std::string_view::npos; }

bool isText(std::string_view text) {
    return std::ranges::none_of(text,
                                [](char c) { return c == '\0' || (c > 0 && c < ' ' && c != '\t' && c != '\r' && c != '\n'); });
}

}  // namespace

PlaylistKind playlistKind(std::string_view head, std::string_view name) {
    const auto text = withoutMark(head.substr(0, kPlaylistHead));
    if (!isText(text)) return PlaylistKind::None;
    if (text.starts_with("ffconcat version ")) return PlaylistKind::Ffconcat;
    if (base::lower(text.substr(0, 10)) == "[playlist]") return PlaylistKind::Pls;
    const auto path = base::lower(name.substr(0, name.find_first_of("?#")));
    const bool named = base::lower(name).ends_with(".m3u") || base::lower(name).ends_with(".m3u8") || path.ends_with(".m3u") ||
                       path.ends_with(".m3u8");
    if (!text.starts_with("#EXTM3U") && (!named || text.empty())) return PlaylistKind::None;
    return isHls(text) ? PlaylistKind::None : PlaylistKind::M3u;
}

Result<Playlist> parsePlaylist(PlaylistKind kind, std::string_view text, const base::Place& list) {
    if (text.size() > kMaxPlaylist)
        return Error{Code::SourceFailed,
                     "a list of " + std::to_string(text.size()) + " bytes: must be at most " + std::to_string(kMaxPlaylist)};
    PlaylistReader reader(withoutMark(text), list);
    switch (kind) {
        case PlaylistKind::M3u: return parseM3u(std::move(reader));
        case PlaylistKind::Pls: return parsePls(std::move(reader));
        case PlaylistKind::Ffconcat: return parseFfconcat(std::move(reader));
        case PlaylistKind::None: break;
    }
    return Error{Code::SourceFailed, "is not a list of clips: must be M3U, PLS or ffconcat"};
}

Error inPlaylist(std::string_view label, const PlaylistEntry& entry, const Error& error) {
    return {error.code, std::string(label) + ", line " + std::to_string(entry.line) + ": " + error.message, error.native};
}

}  // namespace livepusher::capture
