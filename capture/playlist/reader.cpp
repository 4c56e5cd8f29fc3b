// SPDX-License-Identifier: MIT
#include "capture/playlist/reader.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace livepusher::capture {
namespace {

constexpr std::size_t kMaxEntries = 10'000, kMaxLine = 8192, kMaxWarnings = 20;

/// RFC 3986 §5.2, but for the dots in a path, which libcurl takes out.
std::string resolved(std::string_view url, std::string_view reference) {
    url = url.substr(0, url.find('#'));
    const auto host = url.find("://") + 3;
    const auto path = std::min(url.find_first_of("/?", host), url.size());
    const auto query = std::min(url.find('?', path), url.size());
    if (reference.starts_with("//")) return std::string(url.substr(0, host - 2)) + base::percentEncoded(reference);
    if (reference.starts_with('/')) return std::string(url.substr(0, path)) + base::percentEncoded(reference);
    if (reference.starts_with('?')) return std::string(url.substr(0, query)) + base::percentEncoded(reference);
    const auto slash = url.substr(0, query).rfind('/');
    const bool hasPath = slash != std::string_view::npos && slash >= path;
    return std::string(url.substr(0, hasPath ? slash : path)) + "/" + base::percentEncoded(reference);
}

std::optional<double> number(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    constexpr double kMost = 1e9;
    if (error != std::errc{} || end != text.data() + text.size() || !(value >= 0 && value <= kMost)) return std::nullopt;
    return value;
}

}  // namespace

PlaylistReader::PlaylistReader(std::string_view text, const base::Place& list) : rest_(text), list_(list) {}

std::optional<std::string_view> PlaylistReader::next() {
    if (rest_.empty()) return std::nullopt;
    const auto end = std::min(rest_.find('\n'), rest_.size());
    auto text = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    ++line_;
    if (text.ends_with('\r')) text.remove_suffix(1);
    return text;
}

Error PlaylistReader::wrong(const std::string& what) const {
    return {Code::SourceFailed, "line " + std::to_string(line_) + ": " + what};
}

void PlaylistReader::warn(const std::string& what) {
    if (made_.warnings.size() < kMaxWarnings) made_.warnings.push_back("line " + std::to_string(line_) + ": " + what);
}

Result<base::Place> PlaylistReader::placeOf(std::string_view text) const {
    using base::Place;
    auto place = Place::parse(text);
    if (!place) return wrong(place.error().message);
    if (list_.isUrl()) {
        if (place->isHttp()) return place;
        if (place->isUrl())
            return wrong("scheme \"" + place->scheme + "\": a list from the network can name http:// and https:// only");
        if (base::lower(text.substr(0, 5)) == "file:")
            return wrong("a file of this machine: a list from the network can't name one");
        auto url = resolved(list_.text, text);
        auto scheme = base::schemeOf(url);
        return Place{Place::Kind::Url, std::move(scheme), std::move(url)};
    }
    if (place->isUrl() || place->text.starts_with('/')) return place;
    const auto slash = list_.text.rfind('/');
    auto folder = slash == std::string::npos ? std::string() : list_.text.substr(0, slash + 1);
    // A name that would mean something else where it stands alone.
    if (folder.empty() && place->kind == Place::Kind::StandardInput) folder = "./";
    return Place{Place::Kind::Path, {}, folder + place->text};
}

Result<void> PlaylistReader::add(std::string_view text) {
    if (text.size() > kMaxLine)
        return wrong(std::to_string(text.size()) + " characters: must be at most " + std::to_string(kMaxLine));
    if (made_.entries.size() == kMaxEntries) return wrong("more than " + std::to_string(kMaxEntries) + " clips");
    const auto ending = base::lower(text.substr(std::min(text.rfind('.'), text.size())));
    if (ending == ".m3u" || ending == ".pls" || ending == ".ffconcat") return wrong("a list in a list: must be a clip");
    auto place = placeOf(text);
    if (!place) return place.error();
    made_.entries.push_back({.place = std::move(*place), .inpoint = {}, .outpoint = {}, .duration = {}, .line = line_});
    return {};
}

Result<Playlist> PlaylistReader::take() {
    if (made_.entries.empty()) return Error{Code::SourceFailed, "the list is empty: it names no clip"};
    return std::move(made_);
}

std::optional<Timestamp> playlistTime(std::string_view text) {
    double unit = 1e6;
    const std::array<std::pair<std::string_view, double>, 3> units{{{"ms", 1e3}, {"us", 1}, {"s", 1e6}}};
    for (const auto& [name, microseconds] : units) {
        if (!text.ends_with(name)) continue;
        text.remove_suffix(name.size());
        unit = microseconds;
        break;
    }
    double seconds = 0;
    for (int part = 0;; ++part) {
        const auto colon = text.find(':');
        const auto value = number(text.substr(0, colon));
        if (!value || (part > 0 && *value >= 60) || part > 2) return std::nullopt;
        seconds = seconds * 60 + *value;
        if (colon == std::string_view::npos) return Timestamp(static_cast<Timestamp::rep>(seconds * unit + 0.5));
        if (unit != 1e6 || text.substr(0, colon).find('.') != std::string_view::npos) return std::nullopt;
        text.remove_prefix(colon + 1);
    }
}

}  // namespace livepusher::capture
