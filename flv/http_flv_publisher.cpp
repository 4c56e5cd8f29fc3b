// SPDX-License-Identifier: MIT
#include "flv/publishers.hpp"

#include <optional>
#include <utility>

#include "base/log.hpp"
#include "endpoint/endpoint_of.hpp"
#include "flv/flv_stream.hpp"
#include "flv/http_post.hpp"
#include "net/transport.hpp"

namespace livepusher::rtmp {

namespace {

constexpr std::chrono::milliseconds kRefusalTime{100};  // and two round trips

/// Posts the stream as FLV to an HTTP server: the packetizer makes tags of packets, the post a body of them, the transport
/// carries its bytes. begin() is done when the head of the request is on its way and the server has not refused it at once:
/// HTTP has no word for "go on" that servers agree on. What the server says later comes as a failure.
class HttpFlvPublisher final : public Publisher {
public:
    Result<void> open(const base::Url& url, const PublisherSettings& settings, PublisherObserver& observer) override {
        name_ = url.redacted();
        if (url.scheme() != base::Url::Scheme::HttpFlv)
            return Error{Code::InvalidArgument, "not an http or https URL of a .flv stream: " + name_};
        if (std::exchange(tried_, true)) return Error{Code::InvalidState, "a publisher opens one connection only"};
        closeTimeout_ = settings.closeTimeout;
        auto connected = transport_.connect(endpointOf(url, settings.network), settings.connectTimeout, settings.stallTimeout);
        if (!connected) return connected;
        observer.transportConnected();
        post_.emplace(url);
        return {};
    }

    Result<void> begin() override {
        post_->begin();
        const auto until = Clock::now() + kRefusalTime + 2 * transport_.roundTrip();
        do
            if (auto done = transport_.turn(*post_, until); !done) return done;
        while (Clock::now() < until);
        post_->accept();
        return {};
    }

    Result<void> write(const Packet& packet) override {
        if (!post_) return Error{Code::InvalidState, "write() needs an open connection"};
        return packetizer_.write(packet, [this](const FlvTag& tag) { return sendTag(tag); });
    }

    Result<void> idle(Clock::time_point until, const base::EventFd& wake) override {
        return transport_.turn(*post_, until, &wake);
    }

    Result<void> close(EndReason reason) override {
        if (!post_ || !post_->accepted() || reason == EndReason::Failed || transport_.failed()) {
            transport_.reset();
            return {};
        }
        const auto deadline = Clock::now() + closeTimeout_;
        post_->end();
        Result<void> done;
        while (done && !post_->answered() && Clock::now() < deadline) done = transport_.turn(*post_, deadline);
        const bool left = !done && done.error().code == Code::ServerClosed && post_->silent();  // not every server answers
        if (!done && !left && done.error().code != Code::Cancelled)
            base::log(LogLevel::Warning, "the end of the stream to " + name_ + ": " + done.error().message);
        transport_.finish(*post_, deadline);
        return {};
    }

    void cancel() override { transport_.cancel(); }
    LinkStatistics statistics() const override { return transport_.statistics(); }

private:
    Result<void> sendTag(const FlvTag& tag) {
        if (auto room = transport_.waitForRoom(*post_, kUnderWay); !room) return room;
        if (!std::exchange(headerSent_, true)) {
            const int flags = (packetizer_.hasVideo() ? kFlvHasVideo : 0) | (packetizer_.hasAudio() ? kFlvHasAudio : 0);
            post_->write(flvHeader(static_cast<std::uint8_t>(flags)));
        }
        if (auto done = writeFlvTag(tag, buffer_); !done) return done;
        post_->write(buffer_);
        return transport_.flush(*post_);
    }

    std::string name_;  ///< of the target, for people
    std::chrono::milliseconds closeTimeout_{};
    bool tried_ = false;
    bool headerSent_ = false;
    FlvPacketizer packetizer_;
    std::vector<std::uint8_t> buffer_;
    std::optional<HttpPost> post_;  ///< while it is open
    Transport transport_;
};

}  // namespace

std::unique_ptr<Publisher> makeHttpFlvPublisher() { return std::make_unique<HttpFlvPublisher>(); }

}  // namespace livepusher::rtmp
