// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/place.hpp"

namespace livepusher::capture {

/// One clip of a list.
struct PlaylistEntry {
    base::Place place;                  ///< never standard input
    std::optional<Timestamp> inpoint;   ///< of the clip's own time; none: its beginning
    std::optional<Timestamp> outpoint;  ///< likewise; none: its end
    std::optional<Timestamp> duration;  ///< what the list says of its length, which may be wrong
    int line = 0;                       ///< of the list, from 1

    bool operator==(const PlaylistEntry&) const = default;
};

/// Clips that are played one after the other.
struct Playlist {
    std::vector<PlaylistEntry> entries;  ///< at least one
    std::vector<std::string> warnings;   ///< what of the list is passed over, each with its line
};

enum class PlaylistKind {
    None,  ///< also HLS, which is one stream in pieces and no list of clips
    M3u,
    Pls,
    Ffconcat
};

/// How much of a file's beginning tells its kind.
inline constexpr std::size_t kPlaylistHead = 4096;
/// A list that is longer is refused.
inline constexpr std::size_t kMaxPlaylist = std::size_t{1} << 20U;

/// What a file is that begins so: `head` is its first kPlaylistHead bytes, or all. M3U without its first line is known by
/// the name's ending. [any-thread]
PlaylistKind playlistKind(std::string_view head, std::string_view name);

/// The clips of a list, all of whose bytes `text` is and which lies at `list`: relative names are from there, and a list
/// from the network can name what is in the network only. Errors: SourceFailed, as "line 3: …"; with a text that doesn't
/// repeat an entry, which may hold a secret. [any-thread]
Result<Playlist> parsePlaylist(PlaylistKind kind, std::string_view text, const base::Place& list);

/// What went wrong with an entry, with where it stands in the list, which `label` names. [any-thread]
Error inPlaylist(std::string_view label, const PlaylistEntry& entry, const Error& error);

}  // namespace livepusher::capture
