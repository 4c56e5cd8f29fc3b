// SPDX-License-Identifier: MIT
#include <charconv>
#include <map>
#include <utility>

#include "capture/playlist/reader.hpp"

namespace livepusher::capture {
namespace {

/// The seconds of "#EXTINF:12.5 key=value,title", and of LengthN=12; nothing: not known, which is -1 in both.
std::optional<Timestamp> length(std::string_view text) {
    const auto time = playlistTime(text.substr(0, text.find_first_of(", \t")));
    return time && *time > Timestamp{} ? time : std::nullopt;
}

bool isBlank(std::string_view text) { return text.find_first_not_of(" \t") == std::string_view::npos; }

/// The number behind a key, as in File12.
std::optional<int> numberOf(std::string_view key, std::string_view name) {
    int number = 0;
    const auto digits = key.substr(std::min(name.size(), key.size()));
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (!key.starts_with(name) || error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return number;
}

}  // namespace

Result<Playlist> parseM3u(PlaylistReader reader) {
    std::optional<Timestamp> duration;
    while (const auto line = reader.next()) {
        constexpr std::string_view kInfo = "#EXTINF:";
        if (line->starts_with("#EXT-X-")) return reader.wrong("is of HLS, which is one stream in pieces and no list of clips");
        if (line->starts_with(kInfo)) duration = length(line->substr(kInfo.size()));
        if (isBlank(*line) || line->starts_with('#')) continue;
        if (auto added = reader.add(*line); !added) return added.error();
        reader.last()->duration = std::exchange(duration, std::nullopt);
    }
    return reader.take();
}

Result<Playlist> parsePls(PlaylistReader reader) {
    std::map<int, Timestamp> lengths;
    std::vector<int> numbers;
    while (const auto line = reader.next()) {
        const auto equals = line->find('=');
        if (equals == std::string_view::npos) continue;
        const auto key = line->substr(0, equals), value = line->substr(equals + 1);
        if (const auto number = numberOf(key, "Length"))
            if (const auto told = length(value)) lengths[*number] = *told;
        const auto number = numberOf(key, "File");
        if (!number) continue;
        if (auto added = reader.add(value); !added) return added.error();
        numbers.push_back(*number);
    }
    auto list = reader.take();
    if (!list) return list;
    for (std::size_t i = 0; i < numbers.size(); ++i)
        if (const auto found = lengths.find(numbers[i]); found != lengths.end()) list->entries[i].duration = found->second;
    return list;
}

}  // namespace livepusher::capture
