// SPDX-License-Identifier: MIT
#include "base/url.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>

namespace livepusher::base {

namespace {

// None of these texts may hold anything but the scheme and a host known to be one: in a URL with a
// mistake the stream key can stand anywhere.
Error mistake(std::string_view scheme, const std::string& what) {
    const std::string shown = scheme.empty() ? "…" : std::string(scheme) + "://…";
    return {Code::InvalidArgument, "url \"" + shown + "\": " + what};
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

bool isScheme(std::string_view text) {
    return !text.empty() && text.size() <= 16 &&
           std::ranges::all_of(text, [](unsigned char c) { return std::isalnum(c) != 0 || c == '+' || c == '-' || c == '.'; });
}

bool isHostName(std::string_view text) {
    return !text.empty() && text.size() <= 253 && std::ranges::all_of(text, [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_' || c >= 0x80;
    });
}

bool isIpv6(const std::string& text) {
    std::array<unsigned char, 16> address{};
    const auto zone = text.find('%');  // fe80::1%eth0
    return inet_pton(AF_INET6, text.substr(0, zone).c_str(), address.data()) == 1;
}

std::optional<int> portOf(std::string_view text) {
    int port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port < 1 || port > 65535) return std::nullopt;
    return port;
}

struct Authority {
    std::string host;
    std::optional<int> port;
};

Result<Authority> parseAuthority(std::string_view text, std::string_view scheme) {
    if (text.find('@') != text.npos)
        return mistake(scheme, "a user and password are not available in this build; leave out what stands before the \"@\"");
    std::string_view host = text;
    std::string_view port;
    bool hasPort = false;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == text.npos) return mistake(scheme, "the IPv6 host lacks its \"]\"");
        host = text.substr(1, end - 1);
        const auto rest = text.substr(end + 1);
        if (!rest.empty() && rest[0] != ':') return mistake(scheme, "only \":port\" may follow the IPv6 host's \"]\"");
        hasPort = !rest.empty();
        if (hasPort) port = rest.substr(1);
        if (!isIpv6(std::string(host))) return mistake(scheme, "what stands in brackets is not an IPv6 address");
    } else {
        if (std::ranges::count(text, ':') > 1) return mistake(scheme, "an IPv6 host stands in brackets, as in [::1]");
        const auto colon = text.find(':');
        hasPort = colon != text.npos;
        host = text.substr(0, colon);
        if (hasPort) port = text.substr(colon + 1);
        if (host.empty()) return mistake(scheme, "the host is missing; write " + std::string(scheme) + "://host/app/key");
        if (!isHostName(host)) return mistake(scheme, "the host holds a character that no host name has");
    }
    Authority out{std::string(host), std::nullopt};
    if (!hasPort) return out;
    out.port = portOf(port);
    if (!out.port) return mistake(scheme, "the port must be a number, 1..65535");
    return out;
}

bool endsInFlv(std::string_view path) { return path.size() > 4 && lower(path.substr(path.size() - 4)) == ".flv"; }

}  // namespace

Result<Url> Url::parse(std::string_view text) {
    if (text.empty()) return Error{Code::InvalidArgument, "url is empty: give rtmp://host/app/key, rtmps://… or a .flv file"};
    if (text.size() > 4096) return Error{Code::InvalidArgument, "url is too long: at most 4096 characters"};
    if (text.find('\0') != text.npos) return Error{Code::InvalidArgument, "url holds a NUL character"};

    Url url;
    const auto separator = text.find("://");
    const bool hasScheme = separator != text.npos && isScheme(text.substr(0, separator));
    const std::string scheme = hasScheme ? lower(text.substr(0, separator)) : "";
    const std::string_view rest = hasScheme ? text.substr(separator + 3) : text;

    if (!hasScheme || scheme == "file") {
        if (!endsInFlv(rest)) return mistake(scheme, "must begin with rtmp:// or rtmps://, or name a .flv file");
        url.scheme_ = Scheme::FlvFile;
        url.path_ = std::string(rest);
        return url;
    }
    const auto question = rest.find('?');
    if ((scheme == "http" || scheme == "https") && endsInFlv(rest.substr(0, question)))
        return mistake(scheme, "pushing FLV over HTTP is not available in this build; use rtmp:// or rtmps://");
    if (scheme != "rtmp" && scheme != "rtmps") return mistake(scheme, "must begin with rtmp:// or rtmps://, or name a .flv file");

    if (std::ranges::any_of(rest, [](unsigned char c) { return c <= 0x20 || c == 0x7F; }))
        return mistake(scheme, "holds a space or a control character; write it as %20 or the like");
    url.scheme_ = scheme == "rtmps" ? Scheme::Rtmps : Scheme::Rtmp;

    const auto slash = rest.find('/');
    auto authority = parseAuthority(rest.substr(0, std::min(slash, question)), scheme);
    if (!authority) return authority.error();
    url.host_ = authority->host;
    url.port_ = authority->port.value_or(url.scheme_ == Scheme::Rtmps ? 443 : 1935);

    const std::string wanted = "write " + scheme + "://host/app/key";
    if (slash == rest.npos || (question != rest.npos && slash > question))
        return mistake(scheme, "app and stream key are missing; " + wanted);
    const auto last = rest.substr(0, question).rfind('/');
    if (last == slash) return mistake(scheme, "the app or the stream key is missing; " + wanted);
    url.app_ = std::string(rest.substr(slash + 1, last - slash - 1));
    url.key_ = std::string(rest.substr(last + 1));
    if (url.app_.empty() || url.app_.front() == '/') return mistake(scheme, "the app is missing; " + wanted);
    if (url.key_.empty() || url.key_.front() == '?') return mistake(scheme, "the stream key is missing; " + wanted);
    return url;
}

namespace {
std::string bracketed(const std::string& host) { return host.find(':') == host.npos ? host : "[" + host + "]"; }
}  // namespace

std::string Url::tcUrl() const {
    const bool secure = scheme_ == Scheme::Rtmps;
    const std::string port = port_ == (secure ? 443 : 1935) ? "" : ":" + std::to_string(port_);
    return (secure ? "rtmps://" : "rtmp://") + bracketed(host_) + port + "/" + app_;
}

std::string Url::redacted() const {
    if (scheme_ == Scheme::FlvFile) return path_;
    return (scheme_ == Scheme::Rtmps ? "rtmps://" : "rtmp://") + bracketed(host_) + ":" + std::to_string(port_) + "/" + app_ +
           "/***";
}

}  // namespace livepusher::base
