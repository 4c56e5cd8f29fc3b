// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <string>
#include <string_view>

namespace livepusher::rtmp {

/// The first line of a server's answer, "HTTP/1.1 403 Forbidden".
struct HttpStatus {
    int code = 0;  ///< 0: none yet
    std::string reason;

    /// Code 0 when `line` is not a status line.
    static HttpStatus parse(std::string_view line);

    bool isInterim() const { return code >= 100 && code < 200 && code != 101; }  ///< another answer follows
    bool isSuccess() const { return code >= 200 && code < 300; }
    /// A wrong URL or key stays wrong; a busy server, or one that still holds the stream's ghost, does not.
    bool isPermanent() const;
    /// "HTTP 403 Forbidden", fit for people: neither secret shows, even when the server repeats it.
    std::string text(std::string_view streamKey, std::string_view password) const;
};

}  // namespace livepusher::rtmp
