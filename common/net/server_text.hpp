// SPDX-License-Identifier: MIT
#pragma once

#include "net/url.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace livepusher::rtmp {

/// What a server said, made fit for a message to people: printable UTF-8 on one line, at most 200
/// bytes, and "***" wherever one of the secrets is repeated: as it is, percent-encoded or
/// decoded, in another case, in parts (what stands before and in the query) or cut.
std::string serverText(std::string_view said, const std::vector<std::string>& secrets);
inline std::string serverText(std::string_view said, std::string_view streamKey) {
    return serverText(said, std::vector{std::string(streamKey)});
}

/// What of a target no server's words may show: its key, user and password, and of its app what names the stream or is a query.
std::vector<std::string> secretsOf(const base::Url& url);

}  // namespace livepusher::rtmp
