// SPDX-License-Identifier: MIT
#include "rtmp/login.hpp"

#include <array>
#include <cstdio>

#include "rtmp/md5.hpp"

namespace livepusher::rtmp {

namespace {

constexpr int kQuestions = 2;  // who are you, and prove it

/// The value of `name` in "?reason=needauth&name=value&…"; empty: it isn't there.
std::string_view valueOf(std::string_view question, std::string_view name) {
    while (!question.empty()) {
        const auto end = question.find_first_of("&? ");
        const auto field = question.substr(0, end);
        question = end == question.npos ? std::string_view() : question.substr(end + 1);
        if (field.size() > name.size() && field.starts_with(name) && field[name.size()] == '=')
            return field.substr(name.size() + 1);
    }
    return {};
}

std::string hex(std::uint32_t value) {
    std::array<char, 9> text{};
    std::snprintf(text.data(), text.size(), "%08x", static_cast<unsigned>(value));
    return text.data();
}

Error refused(std::string what) { return {Code::ServerClosed, "the server refused connect: " + std::move(what), 0, true}; }

}  // namespace

Result<std::string> Login::answer(std::string_view description) {
    const bool isAdobe = description.find("authmod=adobe") != description.npos;
    const bool isLimelight = description.find("authmod=llnw") != description.npos;
    if (!isAdobe && !isLimelight) return refused("it asks for a login that is neither adobe's nor llnw's (authmod)");
    if (description.find("reason=nosuchuser") != description.npos) return refused("it knows no such user");
    if (description.find("reason=authfailed") != description.npos) return refused("user or password is wrong");
    if (++asked_ > kQuestions) return refused("it asks for user and password again and again");
    const auto reason = description.find("?reason=needauth");
    if (reason == description.npos) return std::string("authmod=") + (isAdobe ? "adobe" : "llnw") + "&user=" + user_;
    const auto question = description.substr(reason + 1);
    return isAdobe ? adobe(question) : limelight(question);
}

// As Adobe's FMLE authenticates to the Flash Media Server.
std::string Login::adobe(std::string_view question) const {
    const auto opaque = std::string(valueOf(question, "opaque"));
    const auto salted = md5Base64(user_ + std::string(valueOf(question, "salt")) + password_);
    const auto theirs = opaque.empty() ? std::string(valueOf(question, "challenge")) : opaque;
    const auto ours = hex(nonce_);
    const auto response = md5Base64(salted + theirs + ours);
    auto query = "authmod=adobe&user=" + user_ + "&challenge=" + ours + "&response=" + response;
    if (!opaque.empty()) query += "&opaque=" + opaque;
    return query;
}

// HTTP's digest (RFC 2617 §3.2.2) of realm "live", method "publish" and the app with its instance.
std::string Login::limelight(std::string_view question) const {
    const auto nonce = std::string(valueOf(question, "nonce"));
    const std::string count = "00000001";
    const auto ours = hex(nonce_);
    const auto place = app_.find('/') == app_.npos ? app_ + "/_definst_" : app_;
    const auto who = md5Hex(user_ + ":live:" + password_);
    const auto what = md5Hex("publish:/" + place);
    const auto response = md5Hex(who + ":" + nonce + ":" + count + ":" + ours + ":auth:" + what);
    return "authmod=llnw&user=" + user_ + "&nonce=" + nonce + "&cnonce=" + ours + "&nc=" + count + "&response=" + response;
}

}  // namespace livepusher::rtmp
