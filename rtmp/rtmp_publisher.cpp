// SPDX-License-Identifier: MIT
#include "rtmp/publishers.hpp"

#include "base/log.hpp"
#include "flv/flv.hpp"
#include "rtmp/publishing_client.hpp"
#include "rtmp/rtmp_link.hpp"

#include <cerrno>
#include <chrono>
#include <optional>
#include <random>
#include <utility>

namespace livepusher::rtmp {
namespace {

/// From the beginning of a stream: who doesn't take its codecs closes at the first of them, or with the first pictures.
constexpr std::chrono::seconds kSoon{5};

/// Joins the parts of an RTMP connection: the packetizer makes tags of packets, the client messages of tags, the transport
/// carries their bytes.
class RtmpPublisher final : public Publisher {
public:
    Result<void> open(const base::Url& url, const PublisherSettings& settings, PublisherObserver& observer) override {
        using enum base::Url::Scheme;
        if (url.scheme() != Rtmp && url.scheme() != Rtmps)
            return Error{Code::InvalidArgument, "not an RTMP URL: " + url.redacted()};
        if (std::exchange(observer_, &observer)) return Error{Code::InvalidState, "a publisher opens one connection only"};
        closeTimeout_ = settings.closeTimeout;
        return tell(connect(url, settings));
    }

    Result<void> begin() override {
        client_->publish(Clock::now());
        while (!client_->accepted())
            if (auto done = link_.turn(); !done) return tell(done);
        acceptedAt_ = Clock::now();
        return tell({});
    }

    Result<void> write(const Packet& packet) override {
        return tell(packetizer_.write(packet, [this](const FlvTag& tag) { return sendTag(tag); }));
    }

    Result<void> idle(Clock::time_point until, const base::EventFd& wake) override { return tell(link_.turn(until, &wake)); }

    Result<void> close(EndReason reason) override {
        if (!client_ || !client_->accepted() || reason == EndReason::Failed) {
            link_.transport().reset();
            return {};
        }
        client_->end(reason == EndReason::Ended);
        link_.transport().finish(*client_, Clock::now() + closeTimeout_);
        return {};
    }

    void cancel() override { link_.transport().cancel(); }
    LinkStatistics statistics() const override { return link_.transport().statistics(); }

private:
    Result<void> connect(const base::Url& url, const PublisherSettings& settings) {
        const PublishingClient::Settings wanted{settings.enhancedRtmp,
                                                settings.videoCodec,
                                                settings.audioCodec,
                                                {settings.handshakeTimeout, settings.responseTimeout}};
        auto opened = link_.open({url, settings.network, settings.connectTimeout, settings.stallTimeout,
                                  [this] { observer_->transportConnected(); },
                                  [&](const base::Url& target) -> Client& {
                                      return client_.emplace(target, wanted, std::random_device()(), Clock::now());
                                  }});
        if (!opened) return opened;
        if (const auto& codecs = client_->presumed().names; !codecs.empty())
            base::log(LogLevel::Warning, url.redacted() + " does not say whether it takes " + codecs +
                                             ", and gets it all the same (enhancedRtmp=auto)");
        return {};
    }

    Result<void> sendTag(const FlvTag& tag) {
        if (!client_) return Error{Code::InvalidState, "write() needs an open connection"};
        if (auto room = link_.transport().waitForRoom(*client_, kUnderWay); !room) return room;
        if (auto written = client_->write(tag); !written) return written;
        return link_.transport().flush(*client_);
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
    std::optional<PublishingClient> client_;  ///< of the newest connection
    std::optional<Clock::time_point> acceptedAt_;
    RtmpLink link_;
};

}  // namespace

std::unique_ptr<Publisher> makeRtmpPublisher() { return std::make_unique<RtmpPublisher>(); }

}  // namespace livepusher::rtmp
