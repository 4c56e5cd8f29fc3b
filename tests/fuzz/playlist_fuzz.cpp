// SPDX-License-Identifier: MIT
// What a list of clips can hold, of this machine and from the network.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "capture/playlist/playlist.hpp"

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

void check(std::string_view text, const livepusher::base::Place& list) {
    using namespace livepusher;
    using namespace livepusher::capture;
    const auto kind = playlistKind(text.substr(0, kPlaylistHead), "list.m3u");
    const auto made = parsePlaylist(kind, text, list);
    if (!made) {
        require(made.error().code == Code::SourceFailed && !made.error().message.empty());
        return;
    }
    require(kind != PlaylistKind::None && !made->entries.empty());
    for (const auto& entry : made->entries) {
        require(entry.line > 0 && entry.place.kind != base::Place::Kind::StandardInput && !entry.place.text.empty());
        require(entry.place.text.find('\0') == std::string_view::npos);
        require(!list.isUrl() || entry.place.isHttp());
        for (const auto& time : {entry.inpoint, entry.outpoint, entry.duration}) require(!time || *time >= Timestamp{});
        require(!entry.inpoint || !entry.outpoint || *entry.inpoint < *entry.outpoint);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using livepusher::base::Place;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check(text, Place{Place::Kind::Path, {}, "/dir/list.m3u"});
    check(text, Place{Place::Kind::Url, "http", "http://host/dir/list.m3u"});
    return 0;
}
