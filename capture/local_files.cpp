// SPDX-License-Identifier: MIT
#include "capture/local_files.hpp"

#include <filesystem>
#include <system_error>

#include "base/place.hpp"
#include "base/read_file.hpp"
#include "capture/fallback/fallback_spec.hpp"
#include "capture/playlist/playlist.hpp"
#include "capture/spec.hpp"

namespace livepusher::capture {

namespace {

/// What can't be read or isn't a good list is told by the source.
void addClips(const base::Place& list, std::vector<std::string>& paths) {
    const auto head = base::readBeginning(list.text, kPlaylistHead);
    const auto kind = head ? playlistKind(*head, list.text) : PlaylistKind::None;
    if (kind == PlaylistKind::None) return;
    const auto text = base::readBeginning(list.text, kMaxPlaylist);
    if (!text) return;
    const auto clips = parsePlaylist(kind, *text, list);
    if (!clips) return;
    for (const auto& entry : clips->entries)
        if (entry.place.isPath()) paths.push_back(entry.place.text);
}

void add(const Spec& spec, std::vector<std::string>& paths) {
    const bool reads = traitsOf(spec.kind).reads;
    const auto place = base::Place::parse(spec.target);
    if (reads && place && place->kind == base::Place::Kind::StandardInput) paths.emplace_back("/proc/self/fd/0");
    if (reads && place && place->isPath()) {
        paths.push_back(place->text);
        std::error_code none;
        if (spec.kind == SourceKind::File && std::filesystem::is_regular_file(place->text, none)) addClips(*place, paths);
    }
    for (const auto& other : spec.with) add(other, paths);
}

}  // namespace

std::vector<std::string> localFiles(const Sources& sources) {
    std::vector<std::string> paths;
    if (const auto video = parseVideoSpec(sources.video)) add(*video, paths);
    if (const auto audio = parseAudioSpec(sources.audio)) add(*audio, paths);
    for (const auto& clip : sources.playlist)
        if (const auto spec = parseVideoSpec(clip)) add(*spec, paths);
    if (sources.fallback.empty()) return paths;
    const auto fallback = parseFallback(sources);
    if (!fallback) return paths;
    if (const auto video = parseVideoSpec(fallback->sources.video)) add(*video, paths);
    if (const auto audio = parseAudioSpec(fallback->sources.audio)) add(*audio, paths);
    return paths;
}

}  // namespace livepusher::capture
