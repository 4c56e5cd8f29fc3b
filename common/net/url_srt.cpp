// SPDX-License-Identifier: MIT
#include "net/url.hpp"

#include <algorithm>
#include <utility>

#include "base/pasted.hpp"
#include "net/url_authority.hpp"

namespace livepusher::base {

namespace {

constexpr const char* kWanted = "after \"srt://\" comes host:port, or host:port?streamid=…&latency=…";

}  // namespace

Result<void> Url::parseSrt(std::string_view rest, std::string_view scheme) {
    scheme_ = Scheme::Srt;
    if (const auto stray = strayCharacter(rest); !stray.empty()) return urlMistake(scheme, "holds " + stray + "; copy it again");
    // A "#" is one of the stream id, which begins with it by SRT's access control: such a URL has no fragment.
    const auto question = std::min(rest.find('?'), rest.size());
    auto options = SrtOptions::parse(rest.substr(std::min(question + 1, rest.size())), scheme);
    if (!options) return options.error();
    auto place = rest.substr(0, question);
    const auto slash = std::min(place.find('/'), place.size());
    if (place.size() - slash > 1) return urlMistake(scheme, std::string("it has no path: ") + kWanted);
    place = place.substr(0, slash);
    const bool everywhere = place.empty() || place.starts_with(':');
    if (everywhere && options->mode != SrtOptions::Mode::Listener)
        return urlMistake(scheme,
                          std::string("the host is missing: ") + kWanted + "; to wait for a receiver: srt://:port?mode=listener");
    auto authority = parseAuthority((everywhere ? "any" : "") + std::string(place), scheme);
    if (!authority) return authority.error();
    if (authority->hasUser) return urlMistake(scheme, std::string("it has no user and password: ") + kWanted);
    if (!authority->port) return urlMistake(scheme, std::string("the port is missing, for SRT has no usual one: ") + kWanted);
    if (!everywhere) host_ = std::move(authority->host);
    port_ = *authority->port;
    key_ = std::move(options->streamId);
    srt_ = std::move(*options);
    return {};
}

Result<void> Url::takeStreamId(std::string_view streamId) {
    const auto refused = [](const std::string& what) { return Error{Code::InvalidArgument, "streamKey \"***\": " + what}; };
    if (!key_.empty()) return refused("the srt url has a streamid already: leave one of them out");
    if (srt_.mode == SrtOptions::Mode::Rendezvous) return refused("a rendezvous has no streamid: leave it out");
    if (streamId.size() > kMaxStreamId)
        return refused("the streamid of an srt url must be at most " + std::to_string(kMaxStreamId) + " bytes");
    key_ = streamId;
    keyApart_ = true;
    return {};
}

std::string Url::redactedSrt() const {
    auto text = server(true);
    text.pop_back();
    using enum SrtOptions::Mode;
    if (srt_.mode != Caller) text += srt_.mode == Listener ? "?mode=listener" : "?mode=rendezvous";
    if (!key_.empty() || !srt_.passphrase.empty()) text += srt_.mode == Caller ? "?***" : "&***";
    return text;
}

}  // namespace livepusher::base
