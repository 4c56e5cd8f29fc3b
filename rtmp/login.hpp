// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

#include "net/url.hpp"

namespace livepusher::rtmp {

/// A way by which servers ask for user and password: they refuse connect, and the client comes again with an answer behind the
/// app. The password itself is never sent.
class Login {
public:
    /// `nonce`: the client's own part of the answers.
    Login(const base::Url& url, std::uint32_t nonce)
        : app_(url.app()), user_(url.user()), password_(url.password()), nonce_(nonce) {}

    /// Whether a refusal asks for a login.
    static bool isAsked(std::string_view description) { return description.find("authmod=") != std::string_view::npos; }

    /// The query for the app of the next connection, after a refusal in these words of the server's. Errors: ServerClosed, for
    /// good, with a text that holds nothing of the server's: the login is wrong, not one of ours, or asked for without end.
    Result<std::string> answer(std::string_view description);

private:
    std::string adobe(std::string_view question) const;
    std::string limelight(std::string_view question) const;

    std::string app_, user_, password_;
    std::uint32_t nonce_;
    int asked_ = 0;
};

}  // namespace livepusher::rtmp
