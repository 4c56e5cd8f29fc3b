// SPDX-License-Identifier: MIT
#pragma once

#include "net/url_authority.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace livepusher::base {

/// The property `proxy` in parts. Holds secrets: only redacted() is for people.
struct ProxyUrl {
    std::string scheme;   ///< "socks5" (names are resolved here), "socks5h" (by the proxy) or "http" (CONNECT)
    Authority authority;  ///< with a port

    /// "host:port", an IPv6 host in brackets.
    std::string address() const {
        const bool literal = authority.host.find(':') != std::string::npos;
        return (literal ? "[" + authority.host + "]" : authority.host) + ":" + std::to_string(*authority.port);
    }
    std::string redacted() const { return scheme + "://" + address(); }

    /// Empty: not one of ours.
    static std::optional<ProxyUrl> parse(std::string_view text) {
        const auto mark = text.find("://");
        if (mark == std::string_view::npos) return std::nullopt;
        const auto scheme = text.substr(0, mark);
        if (scheme != "socks5" && scheme != "socks5h" && scheme != "http") return std::nullopt;
        auto rest = text.substr(mark + 3);
        if (rest.ends_with('/')) rest.remove_suffix(1);
        if (rest.find_first_of("/?#") != std::string_view::npos) return std::nullopt;
        auto authority = parseAuthority(rest, scheme);
        if (!authority || authority->host.empty() || !authority->port) return std::nullopt;
        return ProxyUrl{std::string(scheme), std::move(*authority)};
    }
};

}  // namespace livepusher::base
