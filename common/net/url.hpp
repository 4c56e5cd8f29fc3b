// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <string>
#include <string_view>

#include "net/srt_options.hpp"

namespace livepusher::base {

/// Where a push goes. Holds secrets (the stream key and its query, a password): only redacted() is for people.
class Url {
public:
    enum class Scheme { Rtmp, Rtmps, HttpFlv, Srt, FlvFile, Mp4File, MkvFile, TsFile };

    /// rtmp://[user:password@]host[:port]/app[/instance]/streamkey[?query], cut as RtmpPath says, the same with rtmps; http or
    /// https:// [user:password@]host[:port]/path/streamkey.flv[?query]; IPv6 hosts in brackets; srt://host:port[?query], as
    /// SrtOptions says, the host left out where it listens at all addresses; or the path of a file that ends in .flv, .mp4,
    /// .mkv or .ts (file:// or plain). Over HTTP the key is what follows the last "/" before the query; only user and password
    /// are percent-decoded. What copying leaves around a URL is taken off. Errors: InvalidArgument, with a text that tells what
    /// is missing and never repeats the key.
    static Result<Url> parse(std::string_view text);

    /// The same of a server's URL and the property `streamKey`, which is empty, or makes all of an rtmp or rtmps path the app, or
    /// is the stream id of an srt URL without one.
    /// Errors: as above; for a key that is none, and for one beside any other target.
    static Result<Url> parse(std::string_view text, std::string_view streamKey);

    /// A URL as copied, without what withoutWrapping() takes off; the path of a file as it is.
    static std::string_view withoutWrapping(std::string_view text);

    /// A file by its path, whatever its name: FLV, where that doesn't end as another's.
    static Url file(std::string path);

    /// Where a server sends this push with `reference`, a new tcUrl: absolute, or relative to tcUrl() (RFC 3986
    /// §5.2); empty: the same again. The stream key goes along, so never from rtmps to rtmp. RTMP only.
    /// Errors: InvalidArgument, with a text that repeats nothing of the reference.
    Result<Url> redirected(std::string_view reference) const;

    /// The same with another one's user and password.
    Url withUserOf(const Url& other) const;

    /// The same with `query` behind the app, as a server's login wants it. RTMP only.
    Url withAppQuery(std::string_view query) const;

    Scheme scheme() const { return scheme_; }
    bool isFile() const;                               ///< of any kind, by its path()
    bool secure() const { return secure_; }            ///< rtmps or https
    const std::string& host() const { return host_; }  ///< without brackets
    int port() const { return port_; }                 ///< the scheme's own when not given: 1935, 80, 443 with TLS
    const std::string& app() const { return app_; }    ///< secret where the key is empty, and its query; of HttpFlv: the folders
    const std::string& streamKey() const { return key_; }      ///< secret: with its query; perhaps empty; of SRT: the stream id
    const std::string& user() const { return user_; }          ///< secret; empty: none
    const std::string& password() const { return password_; }  ///< secret
    const std::string& path() const { return path_; }          ///< of a file
    bool waitsForReceivers() const { return scheme_ == Scheme::Srt && srt_.mode == SrtOptions::Mode::Listener; }
    const SrtOptions& srt() const { return srt_; }  ///< its stream id as streamKey()
    /// scheme://host[:port]/app, as connect wants it: no user, no key. RTMP only.
    std::string tcUrl() const;
    /// Secret: scheme://host:port/path/streamkey.flv[?query] without the user. HttpFlv only.
    std::string requestUrl() const;
    std::string redacted() const;  ///< "rtmp://host:port/app/***", "srt://host:port?***", for logs and messages

private:
    Result<void> parseServer(std::string_view rest, std::string_view scheme);
    Result<void> parseSrt(std::string_view rest, std::string_view scheme);
    Result<void> parseHttpPath(std::string_view path, std::string_view scheme);
    Result<void> takeKey(std::string_view streamKey);
    Result<void> takeTarget(std::string_view reference);
    Result<void> takeStreamId(std::string_view streamId);
    std::string redactedSrt() const;
    std::string server(bool alwaysPort) const;
    static int usualPort(Scheme scheme, bool secure);

    Scheme scheme_ = Scheme::Rtmp;
    bool secure_ = false;
    std::string host_, app_, key_, user_, password_, path_;
    int port_ = 0;
    SrtOptions srt_;
    bool keyApart_ = false;  ///< came as `streamKey`
};

}  // namespace livepusher::base
