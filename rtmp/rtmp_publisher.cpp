// SPDX-License-Identifier: MIT
#include "rtmp/rtmp_publisher.hpp"

#include "base/log.hpp"
#include "endpoint/endpoint_of.hpp"
#include "net/server_text.hpp"
#include "rtmp/login.hpp"
#include "rtmp/publishers.hpp"

#include <random>
#include <utility>

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

Result<void> RtmpPublisher::open(const base::Url& url, const PublisherSettings& settings, PublisherObserver& observer) {
    using enum base::Url::Scheme;
    if (url.scheme() != Rtmp && url.scheme() != Rtmps) return Error{Code::InvalidArgument, "not an RTMP URL: " + url.redacted()};
    if (std::exchange(observer_, &observer)) return Error{Code::InvalidState, "a publisher opens one connection only"};
    closeTimeout_ = settings.closeTimeout;
    return tell(logIn(url, settings));
}

Result<void> RtmpPublisher::logIn(const base::Url& url, const PublisherSettings& settings) {
    Login login(url, std::random_device()());
    auto target = url;
    for (;;) {
        auto done = connect(target, settings);
        if (done || !client_ || client_->loginAsked().empty()) return done;
        if (url.user().empty()) {
            auto error = done.error();
            error.message += "; the server wants a user and password: user:password@ before the url's host";
            return error;
        }
        const auto answer = login.answer(client_->loginAsked());
        if (!answer) return answer.error();
        base::log(LogLevel::Debug, "the server asks for user and password; connecting again with an answer");
        target = url.withAppQuery(*answer);
    }
}

Result<void> RtmpPublisher::connect(const base::Url& url, const PublisherSettings& settings) {
    const bool first = !client_;
    client_.reset();
    if (auto done = transport_.connect(endpointOf(url, settings), settings.connectTimeout, settings.stallTimeout); !done)
        return done;
    if (first) observer_->transportConnected();
    client_.emplace(url,
                    Client::Settings{settings.enhancedRtmp, settings.videoCodec, settings.audioCodec, settings.handshakeTimeout,
                                     settings.responseTimeout},
                    std::random_device()(), Clock::now());
    while (!client_->connected())
        if (auto done = transport_.turn(*client_); !done) return done;
    logCapabilities(client_->capabilities());
    return {};
}

Result<void> RtmpPublisher::begin() {
    client_->publish(Clock::now());
    while (!client_->accepted())
        if (auto done = transport_.turn(*client_); !done) return tell(done);
    return tell({});
}

Result<void> RtmpPublisher::write(const Packet& packet) {
    return tell(packetizer_.write(packet, [this](const FlvTag& tag) { return sendTag(tag); }));
}

Result<void> RtmpPublisher::sendTag(const FlvTag& tag) {
    if (!client_) return Error{Code::InvalidState, "write() needs an open connection"};
    if (auto room = transport_.waitForRoom(*client_, kUnderWay); !room) return room;
    if (auto written = client_->write(tag); !written) return written;
    return transport_.flush(*client_);
}

Result<void> RtmpPublisher::idle(Clock::time_point until, const Wake& wake) {
    return tell(transport_.turn(*client_, until, &wake));
}

/// Passes on what came of a call, after what there is to tell of it.
Result<void> RtmpPublisher::tell(Result<void> done) {
    if (!client_) return done;
    if (!done && !client_->redirection().empty()) observer_->redirected(client_->redirection());
    if (done && client_->accepted())
        if (const auto request = client_->takeReconnectRequest()) observer_->reconnectRequested(*request);
    return done;
}

Result<void> RtmpPublisher::close(EndReason reason) {
    if (!client_ || !client_->accepted() || reason == EndReason::Failed) {
        transport_.reset();
        return {};
    }
    client_->end(reason == EndReason::Ended);
    transport_.finish(*client_, Clock::now() + closeTimeout_);
    return {};
}

std::unique_ptr<Publisher> makeRtmpPublisher() { return std::make_unique<RtmpPublisher>(); }

}  // namespace livepusher::rtmp
