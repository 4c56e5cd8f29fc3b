// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace livepusher::base {

/// What stands between "://" and the path.
struct Authority {
    std::string host;  ///< without brackets
    std::optional<int> port;
    bool hasUser = false;
    std::string user, password;  ///< secret; percent-decoded
};

/// `scheme` is for the texts of the errors, which never repeat any of `text`.
Result<Authority> parseAuthority(std::string_view text, std::string_view scheme);

/// Empty: not a percent encoding, or one of a control character, which nothing here holds.
std::optional<std::string> percentDecoded(std::string_view text);

/// The error InvalidArgument: `url "rtmp://…": what`. In a URL with a mistake the stream key can stand
/// anywhere, so the text holds nothing of it but the scheme.
Error urlMistake(std::string_view scheme, const std::string& what);

}  // namespace livepusher::base
