// SPDX-License-Identifier: MIT
#include "base/place.hpp"

#include "base/ascii.hpp"

#include <charconv>

namespace livepusher::base {

namespace {

constexpr std::string_view kFile = "file:";

Error wrong(std::string what) { return {Code::InvalidArgument, std::move(what)}; }

bool isAlpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// What stands behind "file:", which begins with a "/".
Result<std::string> pathOf(std::string_view rest) {
    if (rest.starts_with("//")) {
        rest.remove_prefix(2);
        const auto slash = rest.find('/');
        const auto host = rest.substr(0, slash);
        if (slash == std::string_view::npos) return wrong("no path: must be file:///PATH");
        if (!host.empty() && lower(host) != "localhost") return wrong("host \"" + std::string(host) + "\": must be file:///PATH");
        rest.remove_prefix(slash);
    }
    std::string path;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        // Whoever forgot to encode a "%" means just that.
        const auto code = rest[i] == '%' ? percentCode(rest.substr(i + 1, 2)) : std::nullopt;
        path += code.value_or(rest[i]);
        if (code) i += 2;
    }
    if (path.find('\0') != std::string::npos) return wrong("holds a NUL character, which no path can");
    return path;
}

}  // namespace

std::string schemeOf(std::string_view text) {
    const auto end = text.find("://");
    if (end == std::string_view::npos || end == 0 || !isAlpha(text[0])) return {};
    for (const char c : text.substr(0, end))
        if (!isAlpha(c) && !isDigit(c) && c != '+' && c != '-' && c != '.') return {};
    return lower(text.substr(0, end));
}

std::optional<char> percentCode(std::string_view digits) {
    unsigned char value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.size() != 2 || error != std::errc{} || end != digits.data() + 2) return std::nullopt;
    return static_cast<char>(value);
}

std::string percentEncoded(std::string_view text) {
    static constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte > ' ' && byte < 0x7F)
            out += c;
        else
            out.append({'%', kDigits[byte >> 4U], kDigits[byte & 15U]});
    }
    return out;
}

bool isHttp(std::string_view text) {
    const auto scheme = schemeOf(text);
    return scheme == "http" || scheme == "https";
}

Result<Place> Place::parse(std::string_view text) {
    if (text.empty()) return wrong("is empty: must be a path or a URL");
    if (text.find('\0') != std::string_view::npos) return wrong("holds a NUL character, which no path can");
    if (text == "-") return Place{Kind::StandardInput, {}, "-"};
    if (lower(text.substr(0, kFile.size())) == kFile && text.substr(kFile.size()).starts_with('/')) {
        auto path = pathOf(text.substr(kFile.size()));
        if (!path) return path.error();
        return Place{Kind::Path, {}, std::move(*path)};
    }
    auto name = schemeOf(text);
    const auto kind = name.empty() ? Kind::Path : Kind::Url;
    return Place{kind, std::move(name), std::string(text)};
}

Result<std::string> localPath(std::string_view text) {
    if (text.empty()) return std::string();
    auto place = Place::parse(text);
    if (!place) return place.error();
    if (place->isUrl()) return wrong("scheme \"" + place->scheme + "\": must be a path or a file:// URL");
    return std::move(place->text);
}

std::string checkedPath(std::string_view text) {
    auto path = localPath(text);
    return path ? std::move(*path) : std::string(text);
}

}  // namespace livepusher::base
