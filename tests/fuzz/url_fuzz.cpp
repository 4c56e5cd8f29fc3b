// SPDX-License-Identifier: MIT
// Where a push goes: a line with a URL, and a second one with a stream key.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/pasted.hpp"
#include "net/url.hpp"

namespace {

using livepusher::Code;
using livepusher::base::Url;

void require(bool condition) {
    if (!condition) std::abort();
}

void checkSrt(const Url& url) {
    using enum livepusher::base::SrtOptions::Mode;
    const auto& options = url.srt();
    require(!url.host().empty() || options.mode == Listener);
    require(url.streamKey().size() <= 512);
    const auto passphrase = options.passphrase.size();
    require(passphrase == 0 ? options.keyLength == 0 : passphrase >= 10 && passphrase <= 79);
    const bool secrets = passphrase > 0 || !url.streamKey().empty();
    require(url.redacted().ends_with("***") == secrets && livepusher::base::strayCharacter(url.redacted()).empty());
}

// What a server is told is what was given, and what people are told is one line without it.
void check(const Url& url, std::string_view text) {
    if (url.isFile()) return require(!url.path().empty());
    require(url.port() >= 1 && url.port() <= 65535);
    if (url.scheme() == Url::Scheme::Srt) return checkSrt(url);
    require(!url.host().empty());
    require(url.redacted().ends_with("***") && livepusher::base::strayCharacter(url.redacted()).empty());
    if (url.scheme() == Url::Scheme::HttpFlv) {
        const auto request = url.requestUrl();
        for (const char c : request) require(c > 0x20 && c < 0x7F);
        return;
    }
    require(!url.app().empty() && text.find(url.app()) != text.npos && url.tcUrl().ends_with("/" + url.app()));
    require(url.redacted().find('?') == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto text = input.substr(0, input.find('\n'));
    const auto key = text.size() == input.size() ? std::string_view() : input.substr(text.size() + 1);
    const auto alone = Url::parse(text);
    if (!alone) require(alone.error().code == Code::InvalidArgument && !alone.error().message.empty());
    if (alone) check(*alone, text);
    const auto both = Url::parse(text, key);
    if (!both) {
        require(both.error().code == Code::InvalidArgument && both.error().message.find('\n') == std::string::npos);
        return 0;
    }
    check(*both, text);
    if (!key.empty()) require(both->streamKey() == livepusher::base::withoutWrapping(key));
    return 0;
}
