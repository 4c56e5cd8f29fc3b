// SPDX-License-Identifier: MIT
#include "net/public_name.hpp"

namespace livepusher::base {

std::string publicName(std::string_view pathOrUrl) {
    const auto scheme = pathOrUrl.find("://");
    if (scheme == std::string_view::npos) return std::string(pathOrUrl);
    const auto begin = scheme + 3;
    auto prefix = std::string(pathOrUrl.substr(0, begin));
    if (prefix == "file://" || prefix == "file:file://") return std::string(pathOrUrl);
    auto rest = pathOrUrl.substr(begin);
    rest = rest.substr(0, rest.find_first_of("?#"));
    const auto slash = rest.find('/');
    auto host = rest.substr(0, slash);
    if (const auto at = host.rfind('@'); at != std::string_view::npos) host = host.substr(at + 1);
    const auto path = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash);
    const bool open = prefix.find("http") != std::string::npos;
    return prefix + std::string(host) + (open ? std::string(path) : path.empty() ? "" : "/***");
}

}  // namespace livepusher::base
