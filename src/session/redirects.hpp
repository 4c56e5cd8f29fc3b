// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "net/url.hpp"
#include "session/reconnect_policy.hpp"

#include <string_view>

namespace livepusher::session {

/// Decides whether to follow a server that asks to reconnect: servers may send a push round in circles. Pure.
class Redirects {
public:
    using Duration = ReconnectPolicy::Duration;

    /// Where to go from `here`, which has published for so long. Error: why not.
    Result<base::Url> follow(const base::Url& here, std::string_view tcUrl, Duration published) {
        if (published >= ReconnectPolicy::kHealthy) hops_ = 0;
        if (hops_ >= kMaxHops)
            return Error{Code::ServerClosed, "the server asks to reconnect for the fourth time within a short while"};
        auto to = here.redirected(tcUrl);
        if (to) ++hops_;
        return to;
    }

private:
    static constexpr int kMaxHops = 3;
    int hops_ = 0;
};

}  // namespace livepusher::session
