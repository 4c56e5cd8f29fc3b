// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "capture/playlist/playlist.hpp"

namespace livepusher::capture {

/// Takes the lines of a list in and gathers its clips.
class PlaylistReader {
public:
    PlaylistReader(std::string_view text, const base::Place& list);

    /// The next line without its end; empty optional: that was all.
    std::optional<std::string_view> next();

    Result<void> add(std::string_view text);
    /// The clip that was added last; null: none was.
    PlaylistEntry* last() { return made_.entries.empty() ? nullptr : &made_.entries.back(); }
    void warn(const std::string& what);
    Error wrong(const std::string& what) const;
    /// Errors: there is no clip.
    Result<Playlist> take();

private:
    Result<base::Place> placeOf(std::string_view text) const;

    std::string_view rest_;
    const base::Place& list_;
    int line_ = 0;
    Playlist made_;
};

/// As ffmpeg's concat demuxer has it: seconds, MM:SS or HH:MM:SS, with decimals; or a number with s, ms or us.
std::optional<Timestamp> playlistTime(std::string_view text);

Result<Playlist> parseM3u(PlaylistReader reader);
Result<Playlist> parsePls(PlaylistReader reader);
Result<Playlist> parseFfconcat(PlaylistReader reader);

}  // namespace livepusher::capture
