// SPDX-License-Identifier: MIT
#include "flv/subscribers.hpp"

#include "base/seconds_text.hpp"
#include "flv/flv_stream_reader.hpp"
#include "net/http_download.hpp"
#include "net/server_text.hpp"

#include <optional>
#include <utility>

namespace livepusher::rtmp {

namespace {

/// Gets a stream as FLV from an HTTP server: the download carries the body's bytes, the reader makes packets of them.
class HttpFlvSubscriber final : public Subscriber, HttpDownload::Sink {
public:
    Result<void> open(const base::Url& url, const SubscriberSettings& settings, SubscriberObserver& observer) override {
        if (url.scheme() != base::Url::Scheme::HttpFlv)
            return Error{Code::InvalidArgument, "not an http or https URL of a .flv stream: " + url.redacted()};
        if (std::exchange(observer_, &observer)) return Error{Code::InvalidState, "a subscriber opens one connection only"};
        dataTimeout_ = settings.dataTimeout;
        reader_.emplace(secretsOf(url));
        const HttpDownload::Request request{url.requestUrl(),        url.user(),       url.password(),
                                            url.streamKey(),         settings.network, settings.connectTimeout,
                                            settings.responseTimeout};
        if (auto done = download_.open(request, *this, kRedirectsNowhere); !done) return done;
        const auto deadline = Clock::now() + settings.responseTimeout;
        while (!reader_->begun()) {
            if (Clock::now() >= deadline)
                return Error{Code::ServerClosed, "no FLV came within " + base::secondsText(settings.responseTimeout)};
            const auto going = download_.turn(deadline);
            if (!going) return going.error();
            if (!*going && !reader_->begun()) return reader_->end();
        }
        plays_ = true;
        mediaAt_ = Clock::now();
        observer.playing();
        return {};
    }

    Result<State> run(Clock::time_point until, const base::EventFd& wake, ReceivedPackets& packets) override {
        if (!plays_) return Error{Code::InvalidState, "run() needs an open connection"};
        for (;;) {
            hand(packets);
            if (ended_) return State::Ended;
            if (wake.signalled() || Clock::now() >= until) return State::Playing;
            const auto silent = mediaAt_ + dataTimeout_;
            if (Clock::now() >= silent)
                return Error{Code::TransferFailed, "the server has sent no media for " + base::secondsText(dataTimeout_)};
            const auto going = download_.turn(std::min(until, silent), &wake);
            if (going && *going) continue;
            hand(packets);
            if (!going) return going.error();
            if (const auto whole = reader_->end(); !whole) return whole.error();
            ended_ = true;
        }
    }

    void close() override {
        plays_ = false;
        download_.close();
    }
    void cancel() override { download_.cancel(); }
    LinkStatistics statistics() const override { return download_.statistics(); }

private:
    void connected() override { observer_->transportConnected(); }
    Result<void> body(std::span<const std::uint8_t> bytes) override { return reader_->feed(bytes); }

    void hand(ReceivedPackets& packets) {
        if (std::exchange(heard_, reader_->mediaTags()) != reader_->mediaTags()) mediaAt_ = Clock::now();
        auto received = reader_->takeReceived();
        deliver(received, *observer_, packets);
    }

    SubscriberObserver* observer_ = nullptr;
    std::chrono::milliseconds dataTimeout_{};
    bool plays_ = false, ended_ = false;
    std::uint64_t heard_ = 0;
    Clock::time_point mediaAt_;
    std::optional<FlvStreamReader> reader_;
    HttpDownload download_;
};

}  // namespace

std::unique_ptr<Subscriber> makeHttpFlvSubscriber() { return std::make_unique<HttpFlvSubscriber>(); }

}  // namespace livepusher::rtmp
