// SPDX-License-Identifier: MIT
#include "net/stream_key.hpp"

#include "base/pasted.hpp"
#include "base/place.hpp"

namespace livepusher::base {

Result<std::string> parseStreamKey(std::string_view text) {
    const auto wrong = [](const std::string& what) { return Error{Code::InvalidArgument, "streamKey \"***\": " + what}; };
    const auto key = withoutWrapping(text);
    if (key.empty() && !text.empty()) return wrong("holds nothing but blanks and quotes");
    if (key.size() > 4096) return wrong("is too long: at most 4096 bytes");
    if (const auto scheme = schemeOf(key); scheme == "rtmp" || scheme == "rtmps")
        return wrong("is a whole URL: give that as url, or the key alone as streamKey and the server as url");
    if (const auto stray = strayCharacter(key); !stray.empty())
        return wrong("holds " + stray + ", which no stream key does: copy it again");
    return std::string(key);
}

}  // namespace livepusher::base
