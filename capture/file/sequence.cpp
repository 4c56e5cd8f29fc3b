// SPDX-License-Identifier: MIT
#include "capture/file/sequence.hpp"

#include <sys/stat.h>

#include <string_view>
#include <utility>

#include "base/log.hpp"
#include "base/place.hpp"
#include "base/read_file.hpp"
#include "net/fetch.hpp"

namespace livepusher::capture {

Sequence::Sequence(std::string target, std::vector<std::string> next, std::string name, base::NetworkOptions network)
    : target_(std::move(target)), name_(std::move(name)), next_(std::move(next)), network_(std::move(network)) {}

const std::string& Sequence::target() const { return isList() ? entry().place.text : target_; }

Result<void> Sequence::parse(PlaylistKind kind, std::string_view text) {
    const auto place = base::Place::parse(target_);
    if (!place) return place.error();
    auto list = parsePlaylist(kind, text, *place);
    if (!list) return Error{list.error().code, name_ + ": " + list.error().message, list.error().native};
    list_ = std::move(*list);
    for (const auto& warning : list_.warnings) base::log(LogLevel::Warning, name_ + ": " + warning);
    return {};
}

Result<void> Sequence::loadClips() {
    const auto add = [&](const std::string& clip) -> Result<void> {
        auto place = base::Place::parse(clip);
        if (!place) return place.error();
        list_.entries.push_back({.place = std::move(*place), .inpoint = {}, .outpoint = {}, .duration = {}, .line = 0});
        return {};
    };
    auto added = add(target_);
    for (const auto& clip : next_)
        if (added) added = add(clip);
    return added;
}

Result<void> Sequence::load() {
    list_ = {};
    at_ = 0;
    if (!next_.empty()) return loadClips();
    struct stat info {};
    if (!base::schemeOf(target_).empty() || target_ == "-" || stat(target_.c_str(), &info) != 0 || !S_ISREG(info.st_mode))
        return {};
    const auto head = base::readBeginning(target_, kPlaylistHead);
    const auto kind = head ? playlistKind(*head, target_) : PlaylistKind::None;
    if (kind == PlaylistKind::None) return {};  // the demuxer tells why it can't be read
    if (info.st_size > static_cast<off_t>(kMaxPlaylist))
        return Error{Code::SourceFailed, name_ + ": a list of " + std::to_string(info.st_size) + " bytes: must be at most " +
                                             std::to_string(kMaxPlaylist)};
    const auto text = base::readBeginning(target_, kMaxPlaylist);
    if (!text) return Error{text.error().code, name_ + ": " + text.error().message, text.error().native};
    return parse(kind, *text);
}

Result<bool> Sequence::loadFromServer(const std::atomic<bool>& cancelled) {
    if (isList() || !base::isHttp(target_)) return false;
    const auto bytes = fetch({.place = target_, .network = network_, .maxBytes = kMaxPlaylist}, cancelled);
    if (!bytes) return false;  // too large for a list, or gone: the first failure tells it better
    const std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
    const auto kind = playlistKind(text.substr(0, kPlaylistHead), target_.substr(0, target_.find_first_of("?#")));
    if (kind == PlaylistKind::None) return false;
    if (auto parsed = parse(kind, text); !parsed) return parsed.error();
    return true;
}

bool Sequence::advance(bool again) {
    if (!isList()) return again;
    if (++at_ < list_.entries.size()) return true;
    at_ = 0;
    return again;
}

}  // namespace livepusher::capture
