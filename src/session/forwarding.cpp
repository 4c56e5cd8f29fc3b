// SPDX-License-Identifier: MIT
#include "session/forwarding.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace livepusher::session {

namespace {

Error notFollowed(const std::string& why) {
    return {Code::ServerClosed, "the server's redirect is not followed: " + why, 0, true};
}

std::string_view withoutQuery(std::string_view text) { return text.substr(0, text.find('?')); }

// What follows the host, up to the query; empty for a reference that is not absolute.
std::string_view pathOf(std::string_view absolute) {
    const auto begin = absolute.find("://");
    if (begin == absolute.npos) return {};
    const auto rest = withoutQuery(absolute.substr(begin + 3));
    return rest.substr(std::min(rest.find('/'), rest.size()));
}

// A URL as a person would give it, key and all. Empty: it names an application only.
std::optional<base::Url> wholeUrl(const base::Url& here, std::string_view to) {
    const auto path = pathOf(to);
    const auto last = path.rfind('/');
    if (last == path.npos || last + 1 == path.size()) return std::nullopt;
    const auto name = path.substr(last + 1);
    const auto ownName = withoutQuery(here.streamKey());
    const bool deeper = last > 0 && path.substr(1, last - 1) == withoutQuery(here.app());
    if (name != ownName && !deeper) return std::nullopt;
    std::string text(to);
    if (to.find('?') == to.npos && name == ownName) text += here.streamKey().substr(ownName.size());  // its query goes along
    auto url = base::Url::parse(text);
    if (!url || !url->user().empty() || (url->scheme() != base::Url::Scheme::Rtmp && url->scheme() != base::Url::Scheme::Rtmps))
        return std::nullopt;
    return url->withUserOf(here);
}

}  // namespace

Result<base::Url> forwarded(const base::Url& here, std::string_view to, int hops) {
    if (hops >= kMaxHops) return notFollowed("it is the sixth in a row, at most 5 are");
    if (const auto whole = wholeUrl(here, to)) {
        if (here.secure() && !whole->secure())
            return notFollowed("it leads from rtmps to rtmp, where the stream key would go unencrypted");
        return *whole;
    }
    auto url = here.redirected(to);
    if (!url) return notFollowed(url.error().message);
    return url;
}

}  // namespace livepusher::session
