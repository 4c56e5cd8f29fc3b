// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace livepusher::base {

/// Where a push goes. Holds secrets (the stream key and its query, a password): only redacted() is for people.
class Url {
public:
    enum class Scheme { Rtmp, Rtmps, FlvFile };

    /// rtmp://host[:port]/app[/instance]/streamkey[?query], the same with rtmps, IPv6 hosts in
    /// brackets, or the path of a file that ends in .flv (file:// or plain). The key is what follows
    /// the last "/" before the query, the query stays with it and nothing is percent-decoded.
    /// Errors: InvalidArgument, with a text that tells what is missing and never repeats the key.
    static Result<Url> parse(std::string_view text);

    /// A file by its path, whatever its name.
    static Url file(std::string path) {
        Url url;
        url.scheme_ = Scheme::FlvFile;
        url.path_ = std::move(path);
        return url;
    }

    Scheme scheme() const { return scheme_; }
    const std::string& host() const { return host_; }  ///< without brackets
    int port() const { return port_; }                 ///< 1935 or 443 when not given
    const std::string& app() const { return app_; }
    const std::string& streamKey() const { return key_; }  ///< secret: with its query
    const std::string& path() const { return path_; }      ///< of a file
    std::string tcUrl() const;                             ///< scheme://host[:port]/app, as connect wants it: no user, no key
    std::string redacted() const;                          ///< "rtmp://host:port/app/***", for logs and messages

private:
    Scheme scheme_ = Scheme::Rtmp;
    std::string host_, app_, key_, path_;
    int port_ = 0;
};

}  // namespace livepusher::base
