// SPDX-License-Identifier: MIT
#include "srt/publishers.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "av/muxer.hpp"
#include "base/log.hpp"
#include "base/seconds_text.hpp"
#include "srt/connecting.hpp"
#include "srt/pacer.hpp"
#include "srt/srt_meter.hpp"

namespace livepusher::srt {
namespace {

using namespace std::chrono_literals;

constexpr auto kLook = 50ms;     // how often to see that the connection stands; libsrt has no descriptor that would tell
constexpr auto kRoomLook = 5ms;  // while it takes nothing
constexpr auto kStuffing = 10ms;
constexpr auto kRefusalTime = 150ms;  // and two round trips: some servers accept, and close when they have read the stream id
constexpr auto kAcknowledged = 20ms;  // an acknowledgement every 10 ms
constexpr auto kPace = 1ms;
constexpr auto kTrickle = 40ms;    // a datagram each
constexpr auto kFirstRtt = 100ms;  // libsrt's, before it has measured one
constexpr auto kSilent = 3s;       // of libsrt's 5 s until it gives a silent connection up
constexpr auto kBetweenNotices = 10s;

/// One MPEG transport stream to one receiver: the muxer makes it of packets, libsrt carries it, by threads of its own. What it
/// has taken is on time or never: so it is given no more than can still arrive, and the rest waits in the queue above, where
/// whole pictures are left out and not any datagrams.
class SrtPublisher final : public rtmp::Publisher {
public:
    ~SrtPublisher() override { disconnect(); }

    Result<void> open(const base::Url& url, const rtmp::PublisherSettings& settings, rtmp::PublisherObserver& observer) override {
        name_ = url.redacted();
        if (url.scheme() != base::Url::Scheme::Srt) return Error{Code::InvalidArgument, "not an SRT URL: " + name_};
        if (std::exchange(observer_, &observer)) return Error{Code::InvalidState, "a publisher opens one connection only"};
        if (!settings.network.proxy.empty())
            return Error{Code::TcpFailed,
                         "proxy: SRT goes over UDP, which no proxy carries: leave it out, or push to an rtmp url", 0, true};
        if (settings.videoCodec == VideoCodec::av1)
            return Error{Code::ServerClosed,
                         "videoCodec av1: MPEG-TS, which goes over SRT, holds h264 and hevc: choose one of them", 0, true};
        closeTimeout_ = settings.closeTimeout;
        if (auto there = cancel_.check(); !there) return Error{Code::TcpFailed, there.error().message, there.error().native};
        auto running = Running::start();
        if (!running) return running.error();
        running_.emplace(std::move(*running));
        auto made = connect(url, settings.network, settings.connectTimeout, cancel_);
        if (!made) return made.error();
        {
            const std::lock_guard lock(mutex_);
            connection_.emplace(std::move(*made));
            address_ = connection_->peer;
            heardAt_ = Clock::now();
            latency_ = socket().latency();
            meter_ = SrtMeter(latency_);
        }
        base::log(LogLevel::Debug, "SRT with " + address_ + ": latency " + base::secondsText(latency_) +
                                       (url.srt().passphrase.empty() ? ", not encrypted" : ", encrypted"));
        observer.transportConnected();
        return {};
    }

    Result<void> begin() override {
        const auto begun = Clock::now();
        do {
            if (auto done = stuff(); !done) return done;
            if (auto done = look(); !done)
                return Error{done.error().code, done.error().message + " at once; check the streamid", done.error().native};
        } while (Clock::now() < begun + kRefusalTime + 2 * leastRtt() && pause(kStuffing));
        return look();
    }

    Result<void> write(const Packet& packet) override {
        if (!connection_) return Error{Code::InvalidState, "write() needs an open connection"};
        if (packet.kind == Packet::Kind::Config && muxer_ && !muxer_->takes(packet)) restart(packet);
        if (packet.kind == Packet::Kind::Config) note(packet);
        if (!muxer_)
            muxer_.emplace(capture::Muxer::Options{}, [this](std::uint64_t, std::span<const std::uint8_t> bytes) {
                stream_.insert(stream_.end(), bytes.begin(), bytes.end());
            });
        if (auto made = muxer_->write(packet); !made)
            return Error{made.error().code, made.error().message, made.error().native,
                         made.error().code == Code::InvalidArgument};
        return send();
    }

    Result<void> idle(Clock::time_point until, const base::EventFd& wake) override {
        std::array<pollfd, 2> fds{{{cancel_.fd(), POLLIN, 0}, {wake.fd(), POLLIN, 0}}};
        poll(fds.data(), fds.size(), base::pollTimeout(std::min(until, Clock::now() + kLook)));
        return look();
    }

    Result<void> close(rtmp::EndReason reason) override {
        if (connection_ && reason != rtmp::EndReason::Failed && look()) {
            if (muxer_ && muxer_->finish()) (void)send();
            const auto deadline = Clock::now() + closeTimeout_;
            while (Clock::now() < deadline && socket().unacknowledged().bytes > 0 && look() && pause(kRoomLook)) {
            }
            // The receiver has it all, and throws away what is not played yet when it hears of the end.
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
            (void)pause(std::clamp<std::chrono::milliseconds>(latency_ + kAcknowledged, 0ms, std::max(left, 0ms)));
        }
        disconnect();
        return {};
    }

    void cancel() override {
        if (!cancelled_.exchange(true)) cancel_.signal();
    }

    rtmp::LinkStatistics statistics() const override {
        const std::lock_guard lock(mutex_);
        if (connection_) note();
        auto out = meter_.statistics(Clock::now());
        out.serverIp = address_;
        return out;
    }

private:
    const Socket& socket() const { return connection_->socket; }

    /// False: cancelled.
    bool pause(std::chrono::milliseconds time) const {
        pollfd entry{cancel_.fd(), POLLIN, 0};
        return poll(&entry, 1, static_cast<int>(time.count())) <= 0;
    }

    /// Asks libsrt for its figures; under the lock.
    void note() const {
        const auto figures = socket().figures();
        if (!figures) return;
        meter_.note({.unacknowledged = socket().unacknowledged().bytes,
                     .leftOut = figures->byteSndDropTotal,
                     .carried = carried(*figures),
                     .rtt = figures->msRTT,
                     .measured = figures->pktRecvACKTotal > 0},
                    Clock::now());
        if (std::exchange(acknowledgements_, figures->pktRecvACKTotal) != figures->pktRecvACKTotal) heardAt_ = Clock::now();
        leftOut_ = figures->pktSndDropTotal;
    }

    /// What of all that was sent, again too, is not reported lost.
    static std::uint64_t carried(const SRT_TRACEBSTATS& figures) {
        if (figures.pktSentTotal <= 0) return 0;
        const auto each = figures.byteSentTotal / static_cast<std::uint64_t>(figures.pktSentTotal);
        return figures.byteSentTotal -
               std::min(figures.byteSentTotal, each * static_cast<std::uint64_t>(figures.pktSndLossTotal));
    }

    /// Whether it stands, and what is to be told of it.
    Result<void> look() {
        if (cancelled_) return Error{Code::Cancelled, "cancelled"};
        if (!connection_) return Error{Code::InvalidState, "there is no connection"};
        const auto now = Clock::now();
        if (socket().state() != SRTS_CONNECTED) return lost(now);
        // Other answers of routers may pass; libsrt would wait for 5 s for what this one says.
        while (const int number = connection_->udp.refusal())
            if (number == ECONNREFUSED)
                return Error{Code::ServerClosed, "the receiver is gone: nobody listens there any more", number};
        if (now - lookedAt_ < kLook) return {};
        lookedAt_ = now;
        int leftOut = 0;
        {
            const std::lock_guard lock(mutex_);
            note();
            leftOut = leftOut_;
        }
        if (leftOut > toldLeftOut_ && (!toldAt_ || now - *toldAt_ >= kBetweenNotices)) {
            observer_->leftOut(std::to_string(leftOut - toldLeftOut_) +
                               " datagrams were not acknowledged in time and were left out, at a latency of " +
                               base::secondsText(latency_));
            toldLeftOut_ = leftOut;
            toldAt_ = now;
        }
        return {};
    }

    Error lost(Clock::time_point now) const {
        const std::lock_guard lock(mutex_);
        if (now - heardAt_ < kSilent) return {Code::ServerClosed, "the receiver closed the connection"};
        return {Code::TransferFailed, "nothing was heard from the receiver for " +
                                          base::secondsText(std::chrono::duration_cast<std::chrono::seconds>(now - heardAt_))};
    }

    /// A packet of MPEG-TS that says nothing (ISO/IEC 13818-1 §2.4.3.3). By a few of them both sides get to know the round trip
    /// before the first key frame: what is lost of that would else be asked for too late.
    Result<void> stuff() {
        stream_.assign({0x47, 0x1F, 0xFF, 0x10});
        stream_.resize(188, 0xFF);
        return send();
    }

    void note(const Packet& config) {
        configs_.at(static_cast<std::size_t>(config.track)) = config;
        int kbps = 0;
        for (const auto& each : configs_)
            if (each && each->description) kbps += each->description->bitrate;
        pacer_.setRate(kbps);
    }

    /// Another codec, or one track more: the stream goes on with tables of its own.
    void restart(const Packet& changed) {
        muxer_.emplace(capture::Muxer::Options{}, [this](std::uint64_t, std::span<const std::uint8_t> bytes) {
            stream_.insert(stream_.end(), bytes.begin(), bytes.end());
        });
        for (const auto& config : configs_)
            if (config && config->track != changed.track) (void)muxer_->write(*config);
    }

    /// What the muxer has made, in whole packets of MPEG-TS; at once, for live beats small.
    Result<void> send() {
        std::span<const std::uint8_t> rest = stream_;
        {
            const std::lock_guard lock(mutex_);
            meter_.handedOver(rest.size(), Clock::now());
        }
        while (!rest.empty()) {
            const auto payload = rest.first(std::min(rest.size(), kPayload));
            if (auto room = waitForRoom(); !room) return room;
            const auto sent = socket().send(payload);
            if (!sent) {
                if (auto stands = look(); !stands) return stands;
                return sent.error();
            }
            if (!*sent) {
                if (auto stands = look(); !stands) return stands;
                (void)pause(kRoomLook);
                continue;
            }
            rest = rest.subspan(payload.size());
            pacer_.sent(payload.size(), Clock::now());
            const std::lock_guard lock(mutex_);
            meter_.taken(payload.size(), Clock::now());
        }
        stream_.clear();
        return {};
    }

    /// Until what libsrt holds can still arrive in time; but not for ever: only by what follows does a receiver see that the last
    /// was lost, and only by what is sent does libsrt see that the first is too late.
    Result<void> waitForRoom() {
        const auto until = Clock::now() + kTrickle;
        for (;;) {
            if (auto stands = look(); !stands) return stands;
            const auto most = latency_ + leastRtt() + kAcknowledged;
            if (socket().unacknowledged().span <= most || Clock::now() >= until) break;
            (void)pause(kRoomLook);
        }
        while (Clock::now() < pacer_.due()) {
            if (!pause(kPace)) return look();
        }
        return {};
    }

    std::chrono::milliseconds leastRtt() const {
        const std::lock_guard lock(mutex_);
        const auto known = meter_.minRtt();
        return known ? std::chrono::milliseconds(*known) : kFirstRtt;
    }

    void disconnect() {
        const std::lock_guard lock(mutex_);
        if (connection_) note();
        connection_.reset();
    }

    std::string name_;  ///< of the target, for people
    rtmp::PublisherObserver* observer_ = nullptr;
    std::chrono::milliseconds closeTimeout_{}, latency_{};
    const base::EventFd cancel_;
    std::atomic<bool> cancelled_{false};
    std::array<std::optional<Packet>, 2> configs_;
    Pacer pacer_;
    std::optional<capture::Muxer> muxer_;
    std::vector<std::uint8_t> stream_;  ///< made and not yet taken
    Clock::time_point lookedAt_{};
    std::optional<Clock::time_point> toldAt_;
    int toldLeftOut_ = 0;

    std::optional<Running> running_;
    mutable std::mutex mutex_;  ///< guards what follows against statistics()
    std::optional<Connection> connection_;
    std::string address_;
    mutable SrtMeter meter_;
    mutable Clock::time_point heardAt_{};
    mutable int acknowledgements_ = 0, leftOut_ = 0;
};

}  // namespace

std::unique_ptr<rtmp::Publisher> makeSrtPublisher() { return std::make_unique<SrtPublisher>(); }

}  // namespace livepusher::srt
