// SPDX-License-Identifier: MIT
#include "net/url.hpp"

#include <algorithm>
#include <vector>

#include "base/ascii.hpp"
#include "net/url_authority.hpp"

namespace livepusher::base {

namespace {

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

}  // namespace

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

}  // namespace livepusher::base
