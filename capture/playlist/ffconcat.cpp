// SPDX-License-Identifier: MIT
// The list of ffmpeg's concat demuxer, as far as it says what is played.
#include <algorithm>
#include <array>

#include "capture/playlist/reader.hpp"

namespace livepusher::capture {
namespace {

constexpr std::string_view kBlank = " \t";

/// The next word, taken off `text`: 'quotedWord' as it is, outside of quotes a backslash before what it means. Nothing: a
/// quote isn't closed.
std::optional<std::string> takeWord(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
    std::string word;
    while (!text.empty() && kBlank.find(text.front()) == std::string_view::npos) {
        const char c = text.front();
        text.remove_prefix(1);
        if (c == '\\' && !text.empty()) {
            word += text.front();
            text.remove_prefix(1);
        } else if (c == '\'') {
            const auto end = text.find('\'');
            if (end == std::string_view::npos) return std::nullopt;
            word += text.substr(0, end);
            text.remove_prefix(end + 1);
        } else {
            word += c;
        }
    }
    return word;
}

std::string quotedWord(std::string_view word) {
    constexpr std::size_t kShown = 40;
    return "\"" + std::string(word.substr(0, kShown)) + (word.size() > kShown ? "…\"" : "\"");
}

Result<void> takeTime(PlaylistReader& reader, const std::string& directive, const std::string& value) {
    auto* clip = reader.last();
    if (!clip) return reader.wrong(directive + " before the first file");
    const auto time = playlistTime(value);
    if (!time) return reader.wrong(directive + " " + quotedWord(value) + ": must be seconds or [HH:]MM:SS, with decimals");
    (directive == "inpoint" ? clip->inpoint : directive == "outpoint" ? clip->outpoint : clip->duration) = *time;
    if (clip->inpoint && clip->outpoint && *clip->outpoint <= *clip->inpoint)
        return reader.wrong("the outpoint must be behind the inpoint");
    return {};
}

Result<void> takeLine(PlaylistReader& reader, std::string_view text) {
    const auto directive = takeWord(text);
    if (!directive) return reader.wrong("a ' is not closed");
    if (directive->empty() || directive->front() == '#') return {};
    // What describes streams changes nothing of what is seen and heard.
    constexpr std::array<std::string_view, 7> kPassedOver{
        "stream", "exact_stream_id", "file_packet_meta", "file_packet_metadata", "stream_meta", "stream_codec", "chapter"};
    if (std::ranges::find(kPassedOver, *directive) != kPassedOver.end()) {
        reader.warn(*directive + " is passed over");
        return {};
    }
    const auto value = takeWord(text);
    if (!value) return reader.wrong("a ' is not closed");
    if (text.find_first_not_of(kBlank) != std::string_view::npos && *directive != "ffconcat")
        return reader.wrong("more than one word behind " + quotedWord(*directive) + "; a name with a blank stands in '…'");
    if (*directive == "file") {
        // In ffmpeg's own way of writing a path that must be no URL.
        const bool prefixed = value->starts_with("file:") && !value->starts_with("file:/");
        return reader.add(prefixed ? std::string_view(*value).substr(5) : *value);
    }
    if (*directive == "inpoint" || *directive == "outpoint" || *directive == "duration")
        return takeTime(reader, *directive, *value);
    if (*directive == "ffconcat") {
        const auto version = takeWord(text);
        if (*value == "version" && version && *version == "1.0") return {};
        return reader.wrong("must be \"ffconcat version 1.0\"");
    }
    return reader.wrong(quotedWord(*directive) + ": must be file, inpoint, outpoint, duration or a comment");
}

}  // namespace

Result<Playlist> parseFfconcat(PlaylistReader reader) {
    while (const auto line = reader.next())
        if (auto taken = takeLine(reader, *line); !taken) return taken.error();
    return reader.take();
}

}  // namespace livepusher::capture
