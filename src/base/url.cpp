// SPDX-License-Identifier: MIT
#include "base/url.hpp"

#include <algorithm>
#include <vector>

#include "base/ascii.hpp"
#include "base/place.hpp"
#include "base/url_authority.hpp"

namespace livepusher::base {

namespace {

constexpr const char* kAllowed =
    "must begin with rtmp:// or rtmps://, be an http(s) URL whose path ends in .flv, or name a .flv file";

bool endsInFlv(std::string_view path) { return path.size() > 4 && lower(path.substr(path.size() - 4)) == ".flv"; }

int usualPort(Url::Scheme scheme, bool secure) {
    if (secure) return 443;
    return scheme == Url::Scheme::HttpFlv ? 80 : 1935;
}

const char* nameOf(Url::Scheme scheme, bool secure) {
    if (scheme == Url::Scheme::HttpFlv) return secure ? "https" : "http";
    return secure ? "rtmps" : "rtmp";
}

Error misdirected(const char* why) {
    return {Code::InvalidArgument, std::string("the server asks to reconnect to a URL that can't be followed: ") + why};
}

std::vector<std::string> parts(std::string_view path) {
    std::vector<std::string> out;
    while (!path.empty()) {
        const auto part = path.substr(0, path.find('/'));
        path.remove_prefix(std::min(part.size() + 1, path.size()));
        if (!part.empty()) out.emplace_back(part);
    }
    return out;
}

// RFC 3986 §5.2.4, and no "/" at either end, as an app has it.
std::string withoutDots(std::string_view path) {
    std::vector<std::string> kept;
    for (auto& part : parts(path)) {
        if (part == ".." && !kept.empty()) kept.pop_back();
        if (part != "." && part != "..") kept.push_back(std::move(part));
    }
    std::string out;
    for (const auto& part : kept) out += (out.empty() ? "" : "/") + part;
    return out;
}

// An HTTP request is ASCII.
std::string asciiOnly(std::string_view text) {
    static constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80)
            out += c;
        else
            out.append({'%', kDigits[byte >> 4], kDigits[byte & 15U]});
    }
    return out;
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
    if (text.empty()) return Error{Code::InvalidArgument, "url is empty: give an rtmp, rtmps or http(s) URL, or a .flv file"};
    if (text.size() > 4096) return Error{Code::InvalidArgument, "url is too long: at most 4096 characters"};
    if (text.find('\0') != text.npos) return Error{Code::InvalidArgument, "url holds a NUL character"};

    Url url;
    auto place = Place::parse(text);
    if (!place) return urlMistake(schemeOf(text), place.error().message);
    const auto& scheme = place->scheme;
    if (!place->isUrl()) {
        if (!endsInFlv(place->text)) return urlMistake(schemeOf(text), kAllowed);
        return file(std::move(place->text));
    }
    url.secure_ = scheme == "rtmps" || scheme == "https";
    if (scheme == "http" || scheme == "https")
        url.scheme_ = Scheme::HttpFlv;
    else if (scheme == "rtmp" || scheme == "rtmps")
        url.scheme_ = url.secure_ ? Scheme::Rtmps : Scheme::Rtmp;
    else
        return urlMistake(scheme, kAllowed);
    if (auto parsed = url.parseServer(text.substr(scheme.size() + 3), scheme); !parsed) return parsed.error();
    return url;
}

Result<void> Url::parseServer(std::string_view rest, std::string_view scheme) {
    if (std::ranges::any_of(rest, [](unsigned char c) { return c <= 0x20 || c == 0x7F; }))
        return urlMistake(scheme, "holds a space or a control character; write it as %20 or the like");
    const bool http = scheme_ == Scheme::HttpFlv;
    const auto question = rest.find('?');
    const auto slash = rest.find('/');
    auto authority = parseAuthority(rest.substr(0, std::min(slash, question)), scheme);
    if (!authority) return authority.error();
    if (authority->hasUser && !http)
        return urlMistake(scheme, "a user and password are for http and https only; leave out what stands before the \"@\"");
    host_ = authority->host;
    user_ = authority->user;
    password_ = authority->password;
    port_ = authority->port.value_or(usualPort(scheme_, secure_));

    const std::string wanted =
        "after \"" + std::string(scheme) + (http ? "://\" comes host/path/key.flv" : "://\" comes host/app/key");
    if (slash == rest.npos || (question != rest.npos && slash > question))
        return urlMistake(scheme, (http ? "the path is missing; " : "app and stream key are missing; ") + wanted);
    const auto last = rest.substr(0, question).rfind('/');
    app_ = std::string(rest.substr(slash + 1, last > slash ? last - slash - 1 : 0));
    key_ = std::string(rest.substr(last + 1));
    if (http) {
        if (rest.substr(slash + 1).starts_with('/')) return urlMistake(scheme, "the path begins with two \"/\"; " + wanted);
        if (rest.find('#') != rest.npos) return urlMistake(scheme, "holds a \"#\"; write it as %23");
        if (app_.find('@') != app_.npos)  // more likely a "/" in a password, which would show
            return urlMistake(scheme, "holds an \"@\" in the path; write it as %40, and a \"/\" of a password as %2F");
        if (!endsInFlv(std::string_view(key_).substr(0, key_.find('?'))))
            return urlMistake(scheme, "over HTTP a push is FLV, to a path that ends in .flv; " + wanted);
        return {};
    }
    if (last == slash) return urlMistake(scheme, "the app or the stream key is missing; " + wanted);
    if (app_.empty() || app_.front() == '/') return urlMistake(scheme, "the app is missing; " + wanted);
    if (key_.empty() || key_.front() == '?') return urlMistake(scheme, "the stream key is missing; " + wanted);
    return {};
}

Result<Url> Url::redirected(std::string_view reference) const {
    reference = reference.substr(0, reference.find('#'));
    Url to = *this;
    if (auto taken = to.takeTarget(reference); !taken) return taken.error();
    if (secure_ && !to.secure_) return misdirected("it leads from rtmps to rtmp, where the stream key would go unencrypted");
    return to;
}

Result<void> Url::takeTarget(std::string_view reference) {
    if (reference.size() > 4096) return misdirected("it is longer than 4096 characters");
    if (std::ranges::any_of(reference, [](unsigned char c) { return c <= 0x20 || c == 0x7F; }))
        return misdirected("it holds a space or a control character");
    if (const auto colon = reference.find(':'); colon < std::min(reference.find('/'), reference.find('?'))) {
        const auto scheme = lower(reference.substr(0, colon));
        if (scheme != "rtmp" && scheme != "rtmps") return misdirected("its scheme is neither rtmp nor rtmps");
        secure_ = scheme == "rtmps";
        scheme_ = secure_ ? Scheme::Rtmps : Scheme::Rtmp;
        reference.remove_prefix(colon + 1);
        if (!reference.starts_with("//")) return misdirected("the host is missing");
    }
    if (reference.starts_with("//")) {
        reference.remove_prefix(2);
        const auto end = std::min(reference.find('/'), reference.find('?'));
        const auto authority = parseAuthority(reference.substr(0, end), "rtmp");
        if (!authority || authority->hasUser) return misdirected("its host or port is not a valid one");
        host_ = authority->host;
        port_ = authority->port.value_or(usualPort(scheme_, secure_));
        reference.remove_prefix(std::min(end, reference.size()));
        app_.clear();
    }
    if (reference.empty() && !app_.empty()) return {};
    const auto question = std::min(reference.find('?'), reference.size());
    auto path = std::string(reference.substr(0, question));
    const auto ownPath = app_.substr(0, app_.find('?'));
    if (path.empty())
        path = ownPath;
    else if (path.front() != '/')
        path.insert(0, ownPath.substr(0, ownPath.rfind('/') + 1));  // 0 without a "/"
    app_ = withoutDots(path);
    if (app_.empty()) return misdirected("the app is missing");
    app_ += reference.substr(question);
    return {};
}

std::string Url::server(bool alwaysPort) const {
    std::string text = std::string(nameOf(scheme_, secure_)) + "://";
    text += host_.find(':') == host_.npos ? host_ : "[" + host_ + "]";
    if (alwaysPort || port_ != usualPort(scheme_, secure_)) text += ":" + std::to_string(port_);
    return text + "/";
}

std::string Url::tcUrl() const { return server(false) + app_; }

std::string Url::requestUrl() const { return asciiOnly(server(true) + app_ + (app_.empty() ? "" : "/") + key_); }

std::string Url::redacted() const {
    if (scheme_ == Scheme::FlvFile) return path_;
    // The app of a redirection is the server's choice: it may have a token behind it, or the key in it.
    std::string text = server(true);
    const auto key = std::string_view(key_).substr(0, key_.find('?'));
    for (const auto& part : parts(std::string_view(app_).substr(0, app_.find('?')))) text += (part == key ? "***" : part) + "/";
    return text + "***";
}

}  // namespace livepusher::base
