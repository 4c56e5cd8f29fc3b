// SPDX-License-Identifier: MIT
#include "net/url.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/ascii.hpp"
#include "base/pasted.hpp"
#include "base/place.hpp"
#include "net/rtmp_path.hpp"
#include "net/stream_key.hpp"
#include "net/url_authority.hpp"

namespace livepusher::base {

namespace {

constexpr const char* kAllowed =
    "must begin with rtmp://, rtmps:// or srt://, be an http(s) URL whose path ends in .flv, or name a .flv, .mp4, .mkv or .ts "
    "file";

bool endsInFlv(std::string_view path) { return path.size() > 4 && lower(path.substr(path.size() - 4)) == ".flv"; }

/// Empty: the name doesn't end in that of a file that can be written.
std::optional<Url::Scheme> fileScheme(std::string_view path) {
    if (endsInFlv(path)) return Url::Scheme::FlvFile;
    const auto dot = path.rfind('.');
    if (dot == path.npos || dot == 0 || path[dot - 1] == '/') return std::nullopt;
    const auto ending = lower(path.substr(dot));
    if (ending == ".mp4") return Url::Scheme::Mp4File;
    if (ending == ".mkv") return Url::Scheme::MkvFile;
    if (ending == ".ts") return Url::Scheme::TsFile;
    return std::nullopt;
}

const char* nameOf(Url::Scheme scheme, bool secure) {
    if (scheme == Url::Scheme::Srt) return "srt";
    if (scheme == Url::Scheme::HttpFlv) return secure ? "https" : "http";
    return secure ? "rtmps" : "rtmp";
}

std::string wantedOf(std::string_view scheme) {
    return "after \"" + std::string(scheme) + "://\" comes host/app/key, or host/app with the key as streamKey";
}

}  // namespace

int Url::usualPort(Scheme scheme, bool secure) {
    if (secure) return 443;
    return scheme == Url::Scheme::HttpFlv ? 80 : 1935;
}

Result<Url> Url::parse(std::string_view text) {
    if (text.empty())
        return Error{Code::InvalidArgument,
                     "url is empty: give an rtmp, rtmps, srt or http(s) URL, or a .flv, .mp4, .mkv or .ts file"};
    if (text.size() > 4096) return Error{Code::InvalidArgument, "url is too long: at most 4096 characters"};
    if (text.find('\0') != text.npos) return Error{Code::InvalidArgument, "url holds a NUL character"};

    Url url;
    text = withoutWrapping(text);
    auto place = Place::parse(text);
    if (!place) return urlMistake(schemeOf(text), place.error().message);
    const auto& scheme = place->scheme;
    if (!place->isUrl()) {
        if (fileScheme(place->text)) return file(std::move(place->text));
        const auto stray = strayCharacter(text);
        return urlMistake(scheme, stray.empty() ? kAllowed : "holds " + stray + "; what is left is not a URL: it " + kAllowed);
    }
    const auto rest = text.substr(std::min(scheme.size() + 3, text.size()));
    if (scheme == "srt") {
        if (auto parsed = url.parseSrt(rest, scheme); !parsed) return parsed.error();
        return url;
    }
    url.secure_ = scheme == "rtmps" || scheme == "https";
    if (scheme == "http" || scheme == "https")
        url.scheme_ = Scheme::HttpFlv;
    else if (scheme == "rtmp" || scheme == "rtmps")
        url.scheme_ = url.secure_ ? Scheme::Rtmps : Scheme::Rtmp;
    else
        return urlMistake(scheme, kAllowed);
    if (auto parsed = url.parseServer(rest, scheme); !parsed) return parsed.error();
    return url;
}

bool Url::isFile() const {
    switch (scheme_) {
        case Scheme::FlvFile:
        case Scheme::Mp4File:
        case Scheme::MkvFile:
        case Scheme::TsFile: return true;
        case Scheme::Rtmp:
        case Scheme::Rtmps:
        case Scheme::HttpFlv:
        case Scheme::Srt: break;
    }
    return false;
}

Url Url::file(std::string path) {
    Url url;
    url.scheme_ = fileScheme(path).value_or(Scheme::FlvFile);
    url.path_ = std::move(path);
    return url;
}

Result<Url> Url::parse(std::string_view text, std::string_view streamKey) {
    auto key = parseStreamKey(streamKey);
    if (!key) return key.error();
    auto url = parse(text);
    if (url && !key->empty())
        if (auto taken = url->takeKey(*key); !taken) return taken.error();
    return url;
}

std::string_view Url::withoutWrapping(std::string_view text) {
    // A file may have any name; what is left of a URL begins with its scheme.
    const auto bare = base::withoutWrapping(text);
    return schemeOf(bare).empty() ? text : bare;
}

Result<void> Url::takeKey(std::string_view streamKey) {
    if (isFile())
        return Error{Code::InvalidArgument, "streamKey \"***\": the url is a file, which takes none: leave streamKey out"};
    if (scheme_ == Scheme::HttpFlv)
        return Error{Code::InvalidArgument,
                     "streamKey \"***\": an http or https url holds its whole path, and takes none: leave "
                     "streamKey out"};
    if (scheme_ == Scheme::Srt) return takeStreamId(streamKey);
    if (!key_.empty()) app_ += '/' + key_;
    if (app_.ends_with('/')) app_.pop_back();
    key_ = streamKey;
    keyApart_ = true;
    return {};
}

Result<void> Url::parseServer(std::string_view rest, std::string_view scheme) {
    if (const auto stray = strayCharacter(rest); !stray.empty()) return urlMistake(scheme, "holds " + stray + "; copy it again");
    const bool http = scheme_ == Scheme::HttpFlv;
    const auto question = rest.find('?');
    const auto slash = rest.find('/');
    auto authority = parseAuthority(rest.substr(0, std::min(slash, question)), scheme);
    if (!authority) return authority.error();
    host_ = authority->host;
    user_ = authority->user;
    password_ = authority->password;
    port_ = authority->port.value_or(usualPort(scheme_, secure_));

    if (slash == rest.npos || (question != rest.npos && slash > question))
        return urlMistake(scheme, http ? "the path is missing; after \"" + std::string(scheme) + "://\" comes host/path/key.flv"
                                       : "app and stream key are missing; " + wantedOf(scheme));
    const auto path = rest.substr(slash + 1);
    if (http) return parseHttpPath(path, scheme);
    const auto cut = RtmpPath::cut(path);
    if (cut.app.empty() || cut.app.front() == '/' || cut.app.front() == '?')
        return urlMistake(scheme, "the app is missing; " + wantedOf(scheme));
    app_ = cut.app;
    key_ = cut.key;
    return {};
}

Result<void> Url::parseHttpPath(std::string_view path, std::string_view scheme) {
    const std::string wanted = "after \"" + std::string(scheme) + "://\" comes host/path/key.flv";
    const auto last = path.substr(0, path.find('?')).rfind('/');
    app_ = path.substr(0, last == path.npos ? 0 : last);
    key_ = path.substr(last == path.npos ? 0 : last + 1);
    if (path.starts_with('/')) return urlMistake(scheme, "the path begins with two \"/\"; " + wanted);
    if (path.find('#') != path.npos) return urlMistake(scheme, "holds a \"#\"; write it as %23");
    if (app_.find('@') != app_.npos)  // more likely a "/" in a password, which would show
        return urlMistake(scheme, "holds an \"@\" in the path; write it as %40, and a \"/\" of a password as %2F");
    if (!endsInFlv(std::string_view(key_).substr(0, key_.find('?'))))
        return urlMistake(scheme, "over HTTP a push is FLV, to a path that ends in .flv; " + wanted);
    return {};
}

std::string Url::server(bool alwaysPort) const {
    std::string text = std::string(nameOf(scheme_, secure_)) + "://";
    text += host_.find(':') == host_.npos ? host_ : "[" + host_ + "]";
    if (alwaysPort || port_ != usualPort(scheme_, secure_)) text += ":" + std::to_string(port_);
    return text + "/";
}

Url Url::withUserOf(const Url& other) const {
    Url url = *this;
    url.user_ = other.user_;
    url.password_ = other.password_;
    return url;
}

Url Url::withAppQuery(std::string_view query) const {
    Url url = *this;
    url.app_ += (app_.find('?') == app_.npos ? '?' : '&');
    url.app_ += query;
    return url;
}

std::string Url::tcUrl() const { return server(false) + app_; }

std::string Url::requestUrl() const { return percentEncoded(server(true) + app_ + (app_.empty() ? "" : "/") + key_); }

std::string Url::redacted() const {
    if (isFile()) return path_;
    if (scheme_ == Scheme::Srt) return redactedSrt();
    auto app = std::string_view(app_);
    if (key_.empty()) app = {};                         // it names the stream
    if (keyApart_) app = app.substr(0, app.find('/'));  // the rest may be an older key
    return server(true) + shownApp(app, key_) + "***";
}

}  // namespace livepusher::base
