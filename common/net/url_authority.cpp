// SPDX-License-Identifier: MIT
#include "net/url_authority.hpp"

#include "base/ascii.hpp"
#include "base/place.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace livepusher::base {

namespace {

bool isHostName(std::string_view text) {
    return !text.empty() && text.size() <= 253 && std::ranges::all_of(text, [](char c) {
        return isLetterOrDigit(c) || c == '-' || c == '.' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
    });
}

bool isIpv6(const std::string& text) {
    std::array<unsigned char, 16> address{};
    const auto zone = text.find('%');  // fe80::1%eth0
    return inet_pton(AF_INET6, text.substr(0, zone).c_str(), address.data()) == 1;
}

std::optional<int> portOf(std::string_view text) {
    int port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port < 1 || port > 65535) return std::nullopt;
    return port;
}

std::optional<Error> takeUser(std::string_view text, std::string_view scheme, Authority& out) {
    const auto colon = text.find(':');
    auto user = percentDecoded(text.substr(0, colon));
    auto password = percentDecoded(colon == text.npos ? std::string_view() : text.substr(colon + 1));
    if (!user || !password)
        return urlMistake(scheme,
                          "in the user and password \"%\" begins a code of two hexadecimal digits, as in %25; "
                          "control characters are not allowed");
    if (user->empty()) return urlMistake(scheme, "the user before the \"@\" is missing");
    if (user->find(':') != user->npos) return urlMistake(scheme, "a user's name can't hold a \":\"");
    out.hasUser = true;
    out.user = std::move(*user);
    out.password = std::move(*password);
    return std::nullopt;
}

}  // namespace

std::optional<std::string> percentDecoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool encoded = text[i] == '%';
        const auto c = encoded ? percentCode(text.substr(i + 1, 2)) : text[i];
        if (!c || static_cast<unsigned char>(*c) < 0x20 || *c == 0x7F) return std::nullopt;
        out += *c;
        if (encoded) i += 2;
    }
    return out;
}

Error urlMistake(std::string_view scheme, const std::string& what) {
    const std::string shown = scheme.empty() ? "…" : std::string(scheme) + "://…";
    return {Code::InvalidArgument, "url \"" + shown + "\": " + what};
}

Result<Authority> parseAuthority(std::string_view text, std::string_view scheme) {
    Authority out;
    if (const auto at = text.rfind('@'); at != text.npos) {
        if (auto wrong = takeUser(text.substr(0, at), scheme, out)) return *wrong;
        text.remove_prefix(at + 1);
    }
    std::optional<std::string_view> port;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == text.npos) return urlMistake(scheme, "the IPv6 host lacks its \"]\"");
        out.host = text.substr(1, end - 1);
        const auto rest = text.substr(end + 1);
        if (!rest.empty() && rest[0] != ':') return urlMistake(scheme, "only \":port\" may follow the IPv6 host's \"]\"");
        if (!rest.empty()) port = rest.substr(1);
        if (!isIpv6(out.host)) return urlMistake(scheme, "what stands in brackets is not an IPv6 address");
    } else {
        if (std::ranges::count(text, ':') > 1) return urlMistake(scheme, "an IPv6 host stands in brackets, as in [::1]");
        const auto colon = text.find(':');
        out.host = text.substr(0, colon);
        if (colon != text.npos) port = text.substr(colon + 1);
        if (out.host.empty()) return urlMistake(scheme, "the host is missing; it follows \"" + std::string(scheme) + "://\"");
        if (!isHostName(out.host)) return urlMistake(scheme, "the host holds a character that no host name has");
    }
    if (!port) return out;
    out.port = portOf(*port);
    if (!out.port) return urlMistake(scheme, "the port must be a number, 1..65535");
    return out;
}

}  // namespace livepusher::base
