// SPDX-License-Identifier: MIT
#include "rtmp/subscribers.hpp"

#include "rtmp/playing_client.hpp"
#include "rtmp/rtmp_link.hpp"

#include <optional>
#include <random>
#include <utility>

namespace livepusher::rtmp {
namespace {

/// Joins the parts of an RTMP connection: the transport carries bytes, the client makes packets of them.
class RtmpSubscriber final : public Subscriber {
public:
    Result<void> open(const base::Url& url, const SubscriberSettings& settings, SubscriberObserver& observer) override {
        using enum base::Url::Scheme;
        if (url.scheme() != Rtmp && url.scheme() != Rtmps)
            return Error{Code::InvalidArgument, "not an RTMP URL: " + url.redacted()};
        if (std::exchange(observer_, &observer)) return Error{Code::InvalidState, "a subscriber opens one connection only"};
        closeTimeout_ = settings.closeTimeout;
        auto done = connect(url, settings);
        if (done) {
            client_->play(Clock::now());
            while (done && !client_->accepted()) done = link_.turn();
            if (client_->accepted()) done = {};  // what ended it behind that is told behind what came
        }
        if (done) observer.playing();
        return tell(done);
    }

    Result<State> run(Clock::time_point until, const base::EventFd& wake, ReceivedPackets& packets) override {
        if (!client_ || !client_->accepted()) return Error{Code::InvalidState, "run() needs an open connection"};
        for (;;) {
            hand(packets);
            if (client_->over()) return State::Ended;
            if (wake.signalled() || Clock::now() >= until) return State::Playing;
            const auto done = tell(link_.turn(until, &wake));
            if (done) continue;
            hand(packets);
            if (client_->over()) return State::Ended;
            return done.error();
        }
    }

    void close() override {
        auto& transport = link_.transport();
        if (!client_ || !client_->accepted() || transport.failed()) return transport.reset();
        client_->end();
        transport.finish(*client_, Clock::now() + closeTimeout_);
    }

    void cancel() override { link_.transport().cancel(); }
    LinkStatistics statistics() const override { return link_.transport().statistics(); }

private:
    Result<void> connect(const base::Url& url, const SubscriberSettings& settings) {
        const PlayingClient::Settings wanted{settings.enhancedRtmp,
                                             settings.decodable,
                                             settings.buffer,
                                             {settings.handshakeTimeout, settings.responseTimeout},
                                             settings.dataTimeout};
        return link_.open({url, settings.network, settings.connectTimeout, settings.stallTimeout,
                           [this] { observer_->transportConnected(); },
                           [&](const base::Url& target) -> Client& {
                               return client_.emplace(target, wanted, std::random_device()(), Clock::now());
                           }});
    }

    void hand(ReceivedPackets& packets) {
        auto received = client_->takeReceived();
        deliver(received, *observer_, packets);
    }

    /// Passes on what came of a call, after what there is to tell of it.
    Result<void> tell(Result<void> done) {
        if (!client_) return done;
        if (!done && !client_->redirection().empty()) observer_->redirected(client_->redirection());
        if (done && client_->accepted())
            if (const auto request = client_->takeReconnectRequest()) observer_->reconnectRequested(*request);
        return done;
    }

    SubscriberObserver* observer_ = nullptr;
    std::chrono::milliseconds closeTimeout_{};
    std::optional<PlayingClient> client_;  ///< of the newest connection
    RtmpLink link_;
};

}  // namespace

std::unique_ptr<Subscriber> makeRtmpSubscriber() { return std::make_unique<RtmpSubscriber>(); }

}  // namespace livepusher::rtmp
