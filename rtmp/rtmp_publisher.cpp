// SPDX-License-Identifier: MIT
#include "rtmp/publishers.hpp"

#include "base/log.hpp"
#include "endpoint/endpoint_of.hpp"
#include "flv/flv.hpp"
#include "net/server_text.hpp"
#include "net/transport.hpp"
#include "rtmp/client.hpp"
#include "rtmp/login.hpp"

#include <cerrno>
#include <chrono>
#include <optional>
#include <random>
#include <utility>

namespace livepusher::rtmp {
namespace {

/// From the beginning of a stream: who doesn't take its codecs closes at the first of them, or with the first pictures.
constexpr std::chrono::seconds kSoon{5};

void logCapabilities(const ServerCapabilities& server) {
    if (!server.any() || !base::logs(LogLevel::Debug)) return;
    std::string text = "the server speaks Enhanced RTMP:";
    text += (server.capsEx & kCapsReconnect) != 0 ? " reconnect requests" : " no reconnect requests";
    for (const auto& fourCc : server.fourCcs) text += ", " + serverText(fourCc, "");
    base::log(LogLevel::Debug, text);
}

/// Joins the parts of an RTMP connection: the packetizer makes tags of packets, the client messages of tags, the transport
/// carries their bytes. A server that asks for user and password is connected to again, until it takes them.
class RtmpPublisher final : public Publisher {
public:
    Result<void> open(const base::Url& url, const PublisherSettings& settings, PublisherObserver& observer) override {
        using enum base::Url::Scheme;
        if (url.scheme() != Rtmp && url.scheme() != Rtmps)
            return Error{Code::InvalidArgument, "not an RTMP URL: " + url.redacted()};
        if (std::exchange(observer_, &observer)) return Error{Code::InvalidState, "a publisher opens one connection only"};
        closeTimeout_ = settings.closeTimeout;
        return tell(logIn(url, settings));
    }

    Result<void> begin() override {
        client_->publish(Clock::now());
        while (!client_->accepted())
            if (auto done = transport_.turn(*client_); !done) return tell(done);
        acceptedAt_ = Clock::now();
        return tell({});
    }

    Result<void> write(const Packet& packet) override {
        return tell(packetizer_.write(packet, [this](const FlvTag& tag) { return sendTag(tag); }));
    }

    Result<void> idle(Clock::time_point until, const base::EventFd& wake) override {
        return tell(transport_.turn(*client_, until, &wake));
    }

    Result<void> close(EndReason reason) override {
        if (!client_ || !client_->accepted() || reason == EndReason::Failed) {
            transport_.reset();
            return {};
        }
        client_->end(reason == EndReason::Ended);
        transport_.finish(*client_, Clock::now() + closeTimeout_);
        return {};
    }

    void cancel() override { transport_.cancel(); }
    LinkStatistics statistics() const override { return transport_.statistics(); }

private:
    Result<void> logIn(const base::Url& url, const PublisherSettings& settings) {
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

    Result<void> connect(const base::Url& url, const PublisherSettings& settings) {
        const bool first = !client_;
        client_.reset();
        if (auto done = transport_.connect(endpointOf(url, settings), settings.connectTimeout, settings.stallTimeout); !done)
            return done;
        if (first) observer_->transportConnected();

        client_.emplace(url,
                        Client::Settings{settings.enhancedRtmp, settings.videoCodec, settings.audioCodec,
                                         settings.handshakeTimeout, settings.responseTimeout},
                        std::random_device()(), Clock::now());
        while (!client_->connected())
            if (auto done = transport_.turn(*client_); !done) return done;
        logCapabilities(client_->capabilities());
        if (const auto& codecs = client_->presumed().names; !codecs.empty())
            base::log(LogLevel::Warning, url.redacted() + " does not say whether it takes " + codecs +
                                             ", and gets it all the same (enhancedRtmp=auto)");
        return {};
    }

    Result<void> sendTag(const FlvTag& tag) {
        if (!client_) return Error{Code::InvalidState, "write() needs an open connection"};
        if (auto room = transport_.waitForRoom(*client_, kUnderWay); !room) return room;
        if (auto written = client_->write(tag); !written) return written;
        return transport_.flush(*client_);
    }

    /// Passes on what came of a call, after what there is to tell of it.
    Result<void> tell(Result<void> done) {
        if (!client_) return done;
        if (!done) done = explained(done.error());
        if (!done && !client_->redirection().empty()) observer_->redirected(client_->redirection());
        if (done && client_->accepted())
            if (const auto request = client_->takeReconnectRequest()) observer_->reconnectRequested(*request);
        return done;
    }

    /// A server that closes as soon as it gets what it has not said that it takes.
    Error explained(Error error) const {
        const auto& [codecs, which] = client_->presumed();
        const bool closed = error.code == Code::ServerClosed || error.native == ECONNRESET || error.native == EPIPE;
        if (codecs.empty() || !closed || !acceptedAt_ || Clock::now() - *acceptedAt_ > kSoon) return error;
        error.code = Code::ServerClosed;
        error.native = which;
        error.message += "; it has never said that it takes " + codecs +
                         ", and may not: videoCodec=h264 and audioCodec=aac work "
                         "with every server";
        return error;
    }

    PublisherObserver* observer_ = nullptr;
    std::chrono::milliseconds closeTimeout_{};
    FlvPacketizer packetizer_;
    std::optional<Client> client_;  ///< of the newest connection
    std::optional<Clock::time_point> acceptedAt_;
    Transport transport_;
};

}  // namespace

std::unique_ptr<Publisher> makeRtmpPublisher() { return std::make_unique<RtmpPublisher>(); }

}  // namespace livepusher::rtmp
