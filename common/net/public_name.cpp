// SPDX-License-Identifier: MIT
#include "net/public_name.hpp"

#include <algorithm>
#include <optional>

#include "base/ascii.hpp"
#include "base/place.hpp"

namespace livepusher::base {
namespace {

struct OpenParts {
    std::string_view prefix, host, path;  ///< up to "://"; with the port; without a query
};

/// Empty: it is a file's.
std::optional<OpenParts> openParts(std::string_view text) {
    const auto mark = text.find("://");
    if (mark == std::string_view::npos) return std::nullopt;
    const auto prefix = text.substr(0, mark + 3);
    if (const auto name = lower(prefix); name == "file://" || name == "file:file://") return std::nullopt;
    auto rest = text.substr(prefix.size());
    rest = rest.substr(0, rest.find_first_of("?#"));
    const auto slash = std::min(rest.find('/'), rest.size());
    auto host = rest.substr(0, slash);
    if (const auto at = host.rfind('@'); at != std::string_view::npos) host = host.substr(at + 1);
    return OpenParts{prefix, host.substr(0, host.find('\\')), rest.substr(slash)};
}

}  // namespace

std::string publicName(std::string_view pathOrUrl) {
    const auto parts = openParts(pathOrUrl);
    if (!parts) return std::string(pathOrUrl);
    const bool open = parts->prefix.find("http") != std::string_view::npos || parts->path.empty();
    return std::string(parts->prefix) + std::string(parts->host) + (open ? std::string(parts->path) : "/***");
}

std::string publicPlace(std::string_view pathOrUrl) {
    const auto parts = isUrl(pathOrUrl) ? openParts(pathOrUrl) : std::nullopt;
    return parts ? lower(parts->prefix) + std::string(parts->host) + "/…" : std::string(pathOrUrl);
}

}  // namespace livepusher::base
