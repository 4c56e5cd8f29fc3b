// SPDX-License-Identifier: MIT
#include "net/server_text.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

#include "base/ascii.hpp"
#include "base/place.hpp"

namespace livepusher::rtmp {

namespace {

constexpr std::size_t kMaxBytes = 200;
constexpr std::size_t kMaxRead = 4096;

// Length of the well-formed UTF-8 sequence that `text` begins with, 0 when it is none.
std::size_t sequence(std::string_view text) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = at(0);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xF0 && first <= 0xF4  ? 4
                               : first >= 0xE0 && first < 0xF0 ? 3
                               : first >= 0xC2 && first < 0xE0 ? 2
                                                               : 0;
    if (length == 0 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((at(i) & 0xC0U) != 0x80) return 0;
    const unsigned second = at(1);
    const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    const bool surrogateOrBeyond = (first == 0xED && second > 0x9F) || (first == 0xF4 && second > 0x8F);
    return overlong || surrogateOrBeyond ? 0 : length;
}

// C1 controls, line separators and what turns the writing direction have no place in a log line.
bool printable(std::string_view one) {
    if (one.size() == 1) return one[0] >= 0x20 && one[0] != 0x7F;
    if (one.size() == 2) return !(one[0] == '\xC2' && static_cast<unsigned char>(one[1]) < 0xA0);
    if (!one.starts_with('\xE2')) return true;
    const auto second = static_cast<unsigned char>(one[1]);
    const auto third = static_cast<unsigned char>(one[2]);
    return !(second == 0x80 && ((third >= 0x8B && third <= 0x8F) || (third >= 0xA8 && third <= 0xAE))) &&
           !(second == 0x81 && third >= 0xA0 && third <= 0xAF);
}

std::string onlyPrintable(std::string_view said) {
    std::string out;
    while (!said.empty()) {
        const std::size_t length = sequence(said);
        const auto one = said.substr(0, std::max<std::size_t>(length, 1));
        if (length == 0)
            out += '?';
        else if (printable(one))
            out += one;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
        said.remove_prefix(one.size());
    }
    return out;
}

constexpr std::size_t kShortSecret = 4;
constexpr std::size_t kTellingPiece = 8;  // bytes of a secret, from anywhere in it, that are one to hide
constexpr int kEncodings = 3;             // one on top of the other

struct Plain {
    std::string text;
    std::vector<std::size_t> from;
};

void decode(Plain& plain) {
    std::size_t out = 0;
    for (std::size_t i = 0; i < plain.text.size(); ++out) {
        const auto code = std::string_view(plain.text).substr(i + 1, 2);
        const auto coded = plain.text[i] == '%' ? base::percentCode(code) : std::nullopt;
        plain.text[out] = coded.value_or(plain.text[i]);
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

/// Finds secrets in what a server says, however it says them: as they are, percent-encoded or decoded, in another case, in
/// parts (what stands before and in the query) or cut.
class EchoHider {
public:
    explicit EchoHider(std::string text) : text_(std::move(text)), hidden_(text_.size()) {
        auto plain = plainOf(text_);
        plain_ = std::move(plain.text);
        from_ = std::move(plain.from);
    }

    void hide(std::string_view secret) {
        for (const auto part : partsOf(secret)) hideWhole(plainOf(part).text);
        hideCut(plainOf(secret).text);
    }

    /// With "***" in place of all that was found.
    std::string text() const {
        std::string shown;
        for (std::size_t i = 0; i < text_.size(); ++i) {
            if (!hidden_[i])
                shown += text_[i];
            else if (i == 0 || !hidden_[i - 1])
                shown += "***";
        }
        return shown;
    }

private:
    void hideWhole(std::string_view part) {
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

    void hideCut(std::string_view secret) {
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

    void mark(std::size_t at, std::size_t size) {
        auto begin = from_[at], end = from_[at + size];
        while (begin > 0 && continues(text_[begin])) --begin;
        while (end < text_.size() && continues(text_[end])) ++end;
        std::fill(hidden_.begin() + static_cast<std::ptrdiff_t>(begin), hidden_.begin() + static_cast<std::ptrdiff_t>(end), true);
    }

    bool partOfWord(std::size_t at) const { return at < plain_.size() && base::isLetterOrDigit(plain_[at]); }

    std::string text_;
    std::string plain_;              ///< text_ decoded, in lower case
    std::vector<std::size_t> from_;  ///< of each byte of plain_, and of its end: where it begins in text_
    std::vector<bool> hidden_;       ///< bytes of text_
};

}  // namespace

std::string serverText(std::string_view said, const std::vector<std::string>& secrets) {
    std::string text = onlyPrintable(said.substr(0, kMaxRead));
    std::size_t longest = 0;
    for (const auto& secret : secrets) longest = std::max(longest, secret.size());
    // Cut in the middle of a key, its beginning would stay.
    if (said.size() > kMaxRead) text.resize(text.size() - std::min(text.size(), longest));
    EchoHider hider(text);
    for (const auto& secret : secrets) hider.hide(onlyPrintable(secret));
    text = hider.text();
    if (text.size() <= kMaxBytes) return text;
    std::size_t end = kMaxBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;
    return text.substr(0, end) + "…";
}

std::vector<std::string> secretsOf(const base::Url& url) {
    std::vector<std::string> secrets{url.streamKey(), url.user(), url.password(), url.srt().passphrase};
    // With no key the app names the stream, with one its name may show.
    const auto question = std::min(url.app().find('?'), url.app().size());
    secrets.push_back(url.streamKey().empty() ? url.app() : url.app().substr(question));
    std::erase(secrets, "");
    return secrets;
}

}  // namespace livepusher::rtmp
