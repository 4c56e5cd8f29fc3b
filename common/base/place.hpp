// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace livepusher::base {

/// What a text that names a file, or something in a network, means. A URL begins with a scheme and "://"; whatever else
/// holds a colon, a percent sign or a pattern is the path of a file of just that name.
struct Place {
    enum class Kind { Path, Url, StandardInput };
    Kind kind = Kind::Path;
    std::string scheme;  ///< of a URL, in lower case; never "file"
    std::string text;    ///< the path, byte for byte; the whole URL

    /// "-": standard input. file:///PATH, file://localhost/PATH and file:/PATH, percent-encoded, become the path that they
    /// mean (RFC 8089). Errors: InvalidArgument, with a text that doesn't repeat the place.
    static Result<Place> parse(std::string_view text);

    bool isPath() const { return kind == Kind::Path; }
    bool isUrl() const { return kind == Kind::Url; }
    bool isHttp() const { return isUrl() && (scheme == "http" || scheme == "https"); }
    bool operator==(const Place&) const = default;
};

/// The scheme of a text that begins with one and "://", in lower case; empty: there is none.
std::string schemeOf(std::string_view text);

/// Whether it names something by a scheme, and not a file by its path.
inline bool isUrl(std::string_view text) { return !schemeOf(text).empty(); }
/// Whether it is that of HTTP, encrypted or not.
bool isHttp(std::string_view text);

/// What two hexadecimal digits behind a "%" stand for; empty: they are none.
std::optional<char> percentCode(std::string_view digits);

/// As ASCII without a blank: all that a URL can't hold as it is becomes a percent code.
std::string percentEncoded(std::string_view text);

/// The path that a path or a file: URL means; empty for nothing. Errors: as of Place::parse(), and for all other URLs.
Result<std::string> localPath(std::string_view text);

/// The same of what has been found to be one; whatever isn't comes back as it is.
std::string checkedPath(std::string_view text);

}  // namespace livepusher::base
