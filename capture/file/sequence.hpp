// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <atomic>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "capture/playlist/playlist.hpp"
#include "net/network_options.hpp"

namespace livepusher::capture {

/// What a target comes to, in order: itself, it and the clips that follow, or the clips of the list that it is. Belongs to one
/// thread.
class Sequence {
public:
    /// `next`: clips that follow the target, which is then a clip too. `name` is for messages.
    Sequence(std::string target, std::vector<std::string> next, std::string name, base::NetworkOptions network);

    /// Looks whether a local file is a list, and reads it. Errors: SourceFailed, in one line with the name.
    Result<void> load();
    /// The same of what lies on a server and was found to be no media. False: it is none. Errors as above; Cancelled.
    Result<bool> loadFromServer(const std::atomic<bool>& cancelled);

    bool isList() const { return !list_.entries.empty(); }
    /// What is to be opened now.
    const std::string& target() const;
    std::optional<Timestamp> inpoint() const { return isList() ? entry().inpoint : std::nullopt; }
    std::optional<Timestamp> outpoint() const { return isList() ? entry().outpoint : std::nullopt; }
    /// What went wrong with the clip, with its place in the list.
    Error inList(const Error& error) const { return isList() && next_.empty() ? inPlaylist(name_, entry(), error) : error; }

    /// Goes on to the next clip, after the last to the first where `again`. False: that was the last.
    bool advance(bool again);

private:
    const PlaylistEntry& entry() const { return list_.entries[at_]; }
    Result<void> loadClips();
    Result<void> parse(PlaylistKind kind, std::string_view text);

    const std::string target_, name_;
    const std::vector<std::string> next_;
    const base::NetworkOptions network_;
    Playlist list_;
    std::size_t at_ = 0;
};

}  // namespace livepusher::capture
