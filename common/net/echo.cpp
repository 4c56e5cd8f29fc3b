// SPDX-License-Identifier: MIT
#include "net/echo.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/ascii.hpp"

namespace livepusher::rtmp {

namespace {

constexpr std::size_t kShortSecret = 4;
constexpr std::size_t kTellingPiece = 8;  // bytes of a secret, from anywhere in it, that are one to hide
constexpr int kEncodings = 3;             // one on top of the other

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char small = base::lower(c);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

struct Plain {
    std::string text;
    std::vector<std::size_t> from;
};

void decode(Plain& plain) {
    std::size_t out = 0;
    for (std::size_t i = 0; i < plain.text.size(); ++out) {
        const bool coded =
            plain.text[i] == '%' && i + 2 < plain.text.size() && digit(plain.text[i + 1]) >= 0 && digit(plain.text[i + 2]) >= 0;
        plain.text[out] = coded ? static_cast<char>(digit(plain.text[i + 1]) * 16 + digit(plain.text[i + 2])) : plain.text[i];
        plain.from[out] = plain.from[i];
        i += coded ? 3 : 1;
    }
    plain.from[out] = plain.from[plain.text.size()];
    plain.text.resize(out);
    plain.from.resize(out + 1);
}

Plain plainOf(std::string_view text) {
    Plain plain{std::string(text), std::vector<std::size_t>(text.size() + 1)};
    std::iota(plain.from.begin(), plain.from.end(), std::size_t{0});
    for (int i = 0; i < kEncodings; ++i) decode(plain);
    for (char& c : plain.text) c = c == '+' ? ' ' : base::lower(c);
    return plain;
}

// A text, and what stands between the "/" in it, where that is long enough to tell anything.
void addWithFolders(std::string_view text, std::vector<std::string_view>& parts) {
    parts.push_back(text);
    while (!text.empty()) {
        const auto folder = text.substr(0, text.find('/'));
        text.remove_prefix(std::min(folder.size() + 1, text.size()));
        if (folder.size() >= kShortSecret) parts.push_back(folder);
    }
}

// The whole secret, and what it is made of.
std::vector<std::string_view> partsOf(std::string_view secret) {
    std::vector<std::string_view> parts{secret};
    const auto question = secret.find('?');
    addWithFolders(secret.substr(0, question), parts);
    if (question == secret.npos) return parts;
    auto query = secret.substr(question + 1);
    parts.push_back(query);
    while (!query.empty()) {
        const auto field = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(field.size() + 1, query.size()));
        const auto equals = field.find('=');
        if (equals != field.npos) addWithFolders(field.substr(equals + 1), parts);
    }
    return parts;
}

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }

}  // namespace

EchoHider::EchoHider(std::string text) : text_(std::move(text)), hidden_(text_.size()) {
    auto plain = plainOf(text_);
    plain_ = std::move(plain.text);
    from_ = std::move(plain.from);
}

void EchoHider::hide(std::string_view secret) {
    for (const auto part : partsOf(secret)) hideWhole(plainOf(part).text);
    hideCut(plainOf(secret).text);
}

void EchoHider::hideWhole(std::string_view part) {
    if (part.empty()) return;
    for (std::size_t at = 0; (at = plain_.find(part, at)) != plain_.npos;) {
        // A very short one would turn every word that holds its letters into stars.
        const bool insideWord = (at > 0 && partOfWord(at - 1)) || partOfWord(at + part.size());
        if (part.size() < kShortSecret && insideWord) {
            ++at;
            continue;
        }
        mark(at, part.size());
        at += part.size();
    }
}

void EchoHider::hideCut(std::string_view secret) {
    if (secret.size() <= kShortSecret) return;
    const auto least = std::clamp((secret.size() + 1) / 2, kShortSecret, kTellingPiece);
    // same[j]: how many bytes from here on in the text are those of the secret from j on.
    std::vector<std::size_t> same(secret.size() + 1);
    for (std::size_t at = plain_.size(); at-- > 0;) {
        std::size_t longest = 0;
        for (std::size_t j = 0; j < secret.size(); ++j) {
            same[j] = plain_[at] == secret[j] ? same[j + 1] + 1 : 0;
            longest = std::max(longest, same[j]);
        }
        const bool word = (at == 0 || !partOfWord(at - 1)) && !partOfWord(at + same[0]);
        if (longest >= kTellingPiece) mark(at, longest);
        if (same[0] >= least && word) mark(at, same[0]);
    }
}

void EchoHider::mark(std::size_t at, std::size_t size) {
    auto begin = from_[at], end = from_[at + size];
    while (begin > 0 && continues(text_[begin])) --begin;
    while (end < text_.size() && continues(text_[end])) ++end;
    std::fill(hidden_.begin() + static_cast<std::ptrdiff_t>(begin), hidden_.begin() + static_cast<std::ptrdiff_t>(end), true);
}

bool EchoHider::partOfWord(std::size_t at) const { return at < plain_.size() && base::isLetterOrDigit(plain_[at]); }

std::string EchoHider::text() const {
    std::string shown;
    for (std::size_t i = 0; i < text_.size(); ++i) {
        if (!hidden_[i])
            shown += text_[i];
        else if (i == 0 || !hidden_[i - 1])
            shown += "***";
    }
    return shown;
}

}  // namespace livepusher::rtmp
