// SPDX-License-Identifier: MIT
#include "rtmp/rtmp_link.hpp"

#include "base/log.hpp"
#include "endpoint/endpoint_of.hpp"
#include "net/server_text.hpp"
#include "rtmp/login.hpp"

#include <random>

namespace livepusher::rtmp {

namespace {

void logCapabilities(const ServerCapabilities& server) {
    if (!server.any() || !base::logs(LogLevel::Debug)) return;
    std::string text = "the server speaks Enhanced RTMP:";
    text += (server.capsEx & kCapsReconnect) != 0 ? " reconnect requests" : " no reconnect requests";
    for (const auto& fourCc : server.fourCcs) text += ", " + serverText(fourCc, "");
    base::log(LogLevel::Debug, text);
}

}  // namespace

Result<void> RtmpLink::open(const Opening& opening) {
    Login login(opening.url, std::random_device()());
    auto target = opening.url;
    for (;;) {
        auto done = connect(opening, target);
        if (done || !client_ || client_->loginAsked().empty()) return done;
        if (opening.url.user().empty()) {
            auto error = done.error();
            error.message += "; the server wants a user and password: user:password@ before the url's host";
            return error;
        }
        const auto answer = login.answer(client_->loginAsked());
        if (!answer) return answer.error();
        base::log(LogLevel::Debug, "the server asks for user and password; connecting again with an answer");
        target = opening.url.withAppQuery(*answer);
    }
}

Result<void> RtmpLink::connect(const Opening& opening, const base::Url& url) {
    const bool first = !client_;
    client_ = nullptr;
    const auto endpoint = endpointOf(url, opening.network);
    if (auto done = transport_.connect(endpoint, opening.connectTimeout, opening.stallTimeout); !done) return done;
    if (first) opening.transportConnected();
    client_ = &opening.makeClient(url);
    while (!client_->connected())
        if (auto done = turn(); !done) return done;
    logCapabilities(client_->capabilities());
    return {};
}

}  // namespace livepusher::rtmp
