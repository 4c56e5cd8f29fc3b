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
    enum class Scheme { Rtmp, Rtmps, HttpFlv, FlvFile };

    /// rtmp://host[:port]/app[/instance]/streamkey[?query], the same with rtmps; http or https://
    /// [user:password@]host[:port]/path/streamkey.flv[?query]; IPv6 hosts in brackets; or the path of a
    /// file that ends in .flv (file:// or plain). The key is what follows the last "/" before the query,
    /// the query stays with it; only user and password are percent-decoded.
    /// Errors: InvalidArgument, with a text that tells what is missing and never repeats the key.
    static Result<Url> parse(std::string_view text);

    /// A file by its path, whatever its name.
    static Url file(std::string path) {
        Url url;
        url.scheme_ = Scheme::FlvFile;
        url.path_ = std::move(path);
        return url;
    }

    /// Where a server sends this push with `reference`, a new tcUrl: absolute, or relative to tcUrl() (RFC 3986
    /// §5.2); empty: the same again. The stream key goes along, so never from rtmps to rtmp. RTMP only.
    /// Errors: InvalidArgument, with a text that repeats nothing of the reference.
    Result<Url> redirected(std::string_view reference) const;

    Scheme scheme() const { return scheme_; }
    bool secure() const { return secure_; }                    ///< rtmps or https
    const std::string& host() const { return host_; }          ///< without brackets
    int port() const { return port_; }                         ///< the scheme's own when not given: 1935, 80, 443 with TLS
    const std::string& app() const { return app_; }            ///< of HttpFlv: the folders of the path, perhaps none
    const std::string& streamKey() const { return key_; }      ///< secret: with its query
    const std::string& user() const { return user_; }          ///< secret; HttpFlv only, empty: none
    const std::string& password() const { return password_; }  ///< secret
    const std::string& path() const { return path_; }          ///< of a file
    /// scheme://host[:port]/app, as connect wants it: no user, no key. RTMP only.
    std::string tcUrl() const;
    /// Secret: scheme://host:port/path/streamkey.flv[?query] without the user. HttpFlv only.
    std::string requestUrl() const;
    std::string redacted() const;  ///< "rtmp://host:port/app/***", for logs and messages

private:
    Result<void> parseServer(std::string_view rest, std::string_view scheme);
    Result<void> takeTarget(std::string_view reference);
    std::string server(bool alwaysPort) const;

    Scheme scheme_ = Scheme::Rtmp;
    bool secure_ = false;
    std::string host_, app_, key_, user_, password_, path_;
    int port_ = 0;
};

}  // namespace livepusher::base
