// SPDX-License-Identifier: MIT
#include "base/pasted.hpp"

#include <array>
#include <cstdint>
#include <cstdio>

namespace livepusher::base {

namespace {

struct Character {
    char32_t code = 0;
    std::size_t bytes = 1;
};

/// The first one of a text that isn't empty. Bytes that are no UTF-8 stand for themselves, beyond all of Unicode.
Character firstOf(std::string_view text) {
    constexpr char32_t kNone = 0x110000;
    const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::size_t bytes = at(0) < 0x80 ? 1 : at(0) >= 0xF0 ? 4 : at(0) >= 0xE0 ? 3 : at(0) >= 0xC2 ? 2 : 0;
    if (bytes == 1) return {at(0), 1};
    if (bytes == 0 || text.size() < bytes) return {kNone + at(0), 1};
    char32_t code = at(0) & (0x7FU >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((at(i) & 0xC0U) != 0x80) return {kNone + at(0), 1};
        code = code << 6 | (at(i) & 0x3FU);
    }
    return {code, bytes};
}

Character lastOf(std::string_view text) {
    std::size_t at = text.size() - 1;
    while (at > 0 && text.size() - at < 4 && (static_cast<std::uint8_t>(text[at]) & 0xC0U) == 0x80) --at;
    const auto found = firstOf(text.substr(at));
    return at + found.bytes == text.size() ? found : firstOf(text.substr(text.size() - 1));
}

const char* nameOf(char32_t c) {
    if (c == 0) return "a NUL character";
    if (c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029) return "a line end";
    if (c == '\t') return "a tab";
    if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return "a control character";
    if (c == 0xA0 || c == 0x202F) return "a no-break space";
    if (c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x205F || c == 0x3000) return "a wide or narrow space";
    if (c == 0x200B || c == 0x200C || c == 0x200D || c == 0x2060) return "a zero-width space or joiner";
    if (c == 0xFEFF) return "a byte order mark";
    if (c == 0xAD) return "a soft hyphen";
    const bool turns = c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    if (turns) return "a mark of the writing direction";
    if ((c >= 0x2061 && c <= 0x2064) || c == 0x180E || (c >= 0xE0000 && c <= 0xE007F)) return "an invisible character";
    return nullptr;
}

struct Quotes {
    char32_t opening, closing;
};
constexpr std::array<Quotes, 13> kQuotes{{{'"', '"'},
                                          {'\'', '\''},
                                          {'`', '`'},
                                          {0x201C, 0x201D},
                                          {0x201E, 0x201C},
                                          {0x201E, 0x201D},
                                          {0x201D, 0x201D},
                                          {0x2018, 0x2019},
                                          {0x201A, 0x2018},
                                          {0x2019, 0x2019},
                                          {0xAB, 0xBB},
                                          {0x2039, 0x203A},
                                          {0x300C, 0x300D}}};

bool isQuote(char32_t c) {
    for (const auto& pair : kQuotes)
        if (c == pair.opening || c == pair.closing) return true;
    return false;
}

int quotesIn(std::string_view text) {
    int count = 0;
    for (; !text.empty(); text.remove_prefix(firstOf(text).bytes)) count += isQuote(firstOf(text).code) ? 1 : 0;
    return count;
}

bool isOuter(char32_t c) { return c != 0 && (c == ' ' || nameOf(c) != nullptr); }

std::string_view unquoted(std::string_view text) {
    const auto first = firstOf(text), last = lastOf(text);
    if (text.size() < first.bytes + last.bytes) return text;
    for (const auto& pair : kQuotes)
        if (first.code == pair.opening && last.code == pair.closing)
            return text.substr(first.bytes, text.size() - first.bytes - last.bytes);
    return text;
}

}  // namespace

std::string_view withoutWrapping(std::string_view text) {
    for (;;) {
        const auto before = text.size();
        while (!text.empty() && isOuter(firstOf(text).code)) text.remove_prefix(firstOf(text).bytes);
        while (!text.empty() && isOuter(lastOf(text).code)) text.remove_suffix(lastOf(text).bytes);
        if (!text.empty()) text = unquoted(text);
        if (text.size() == before) return text;
    }
}

std::string strayCharacter(std::string_view text) {
    if (text.empty()) return {};
    const bool opens = isQuote(firstOf(text).code), closes = isQuote(lastOf(text).code);
    if (opens || (closes && quotesIn(text) % 2 == 1)) return "a quote at one end";  // a query may end with one: a="b"
    while (!text.empty()) {
        const auto c = firstOf(text);
        if (const char* name = nameOf(c.code)) {
            if (c.code < 0x20) return name;
            std::array<char, 16> number{};
            std::snprintf(number.data(), number.size(), " (U+%04X)", static_cast<unsigned>(c.code));
            return std::string(name) + number.data();
        }
        text.remove_prefix(c.bytes);
    }
    return {};
}

}  // namespace livepusher::base
