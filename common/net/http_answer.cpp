// SPDX-License-Identifier: MIT
#include "net/http_answer.hpp"

#include "net/server_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace livepusher::rtmp {

namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

HttpStatus HttpStatus::parse(std::string_view line) {
    HttpStatus out;
    const auto space = line.find(' ');
    if (!line.starts_with("HTTP/") || space == line.npos) return out;
    const auto rest = trimmed(line.substr(space));
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + std::min<std::size_t>(rest.size(), 3), out.code);
    if (error != std::errc{} || end != rest.data() + 3 || out.code < 100) return {};
    out.reason = trimmed(rest.substr(3));
    return out;
}

bool HttpStatus::isPermanent() const {
    constexpr std::array<int, 4> passing{408, 409, 425, 429};  // timeout, conflict, too early, too many requests
    if (code >= 500) return code == 501 || code == 505;        // knows no POST, or no HTTP/1.1
    return code < 200 || (code >= 300 && std::ranges::find(passing, code) == passing.end());
}

std::string HttpStatus::text(std::string_view streamKey, std::string_view password) const {
    std::string out = "HTTP " + std::to_string(code);
    const auto name = streamKey.substr(0, streamKey.find('?'));
    const auto bare = name.substr(0, name.rfind('.'));  // without ".flv"
    if (!reason.empty()) out += " " + serverText(reason, {std::string(streamKey), std::string(bare), std::string(password)});
    return out;
}

}  // namespace livepusher::rtmp
