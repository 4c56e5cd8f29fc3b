// SPDX-License-Identifier: MIT
#include "net/server_text.hpp"

#include <algorithm>
#include <cstddef>

#include "net/echo.hpp"

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

}  // namespace

std::string serverText(std::string_view said, std::span<const std::string_view> secrets) {
    std::string text = onlyPrintable(said.substr(0, kMaxRead));
    std::size_t longest = 0;
    for (const auto secret : secrets) longest = std::max(longest, secret.size());
    // Cut in the middle of a key, its beginning would stay.
    if (said.size() > kMaxRead) text.resize(text.size() - std::min(text.size(), longest));
    EchoHider hider(text);
    for (const auto secret : secrets) hider.hide(onlyPrintable(secret));
    text = hider.text();
    if (text.size() <= kMaxBytes) return text;
    std::size_t end = kMaxBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;
    return text.substr(0, end) + "…";
}

std::string serverText(std::string_view said, const std::vector<std::string>& secrets) {
    return serverText(said, std::vector<std::string_view>(secrets.begin(), secrets.end()));
}

std::vector<std::string> secretsOf(const base::Url& url) {
    std::vector<std::string> secrets{url.streamKey(), url.user(), url.password()};
    // With no key the app names the stream, with one its name may show.
    const auto question = std::min(url.app().find('?'), url.app().size());
    secrets.push_back(url.streamKey().empty() ? url.app() : url.app().substr(question));
    std::erase(secrets, "");
    return secrets;
}

}  // namespace livepusher::rtmp
