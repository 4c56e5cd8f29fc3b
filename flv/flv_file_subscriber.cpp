// SPDX-License-Identifier: MIT
#include "flv/subscribers.hpp"

#include <poll.h>
#include <sys/uio.h>

#include "base/fd_reader.hpp"
#include "base/log.hpp"
#include "flv/flv_stream_reader.hpp"

#include <array>
#include <atomic>
#include <optional>
#include <utility>

namespace livepusher::rtmp {

namespace {

constexpr std::size_t kReadAtOnce = 65'536;
// Where a file's times jump further, it goes on at once.
constexpr std::chrono::seconds kLeap{2}, kStepBack{1};

/// Says when each packet of a file would have come, had it been live.
class FilePace {
public:
    using Clock = Subscriber::Clock;

    Clock::time_point due(Timestamp dts, Clock::time_point now) {
        const bool jumps = !last_ || dts - *last_ > kLeap || *last_ - dts > kStepBack;
        if (jumps) begin_ = std::max(now, lastDue_) - dts;
        last_ = dts;
        return lastDue_ = std::max(lastDue_, begin_ + dts);
    }

private:
    std::optional<Timestamp> last_;
    Clock::time_point begin_, lastDue_;
};

/// Reads a file as if it came over a network.
class FlvFileSubscriber final : public Subscriber {
public:
    Result<void> open(const base::Url& url, const SubscriberSettings&, SubscriberObserver& observer) override {
        if (url.scheme() != base::Url::Scheme::FlvFile)
            return Error{Code::InvalidArgument, "not the path of a .flv file: " + url.redacted()};
        if (std::exchange(observer_, &observer)) return Error{Code::InvalidState, "a subscriber opens one file only"};
        path_ = url.path();
        if (auto ready = cancelling_.check(); !ready) return ready;
        if (auto opened = file_.open(path_); !opened) return opened;
        if (!file_.regularFile()) return Error{Code::SourceFailed, "\"" + path_ + "\": not a regular file", 0, true};
        observer.transportConnected();
        while (!reader_.begun())
            if (auto read = readOn(); !read) return read;
        observer.playing();
        return {};
    }

    Result<State> run(Clock::time_point until, const base::EventFd& wake, ReceivedPackets& packets) override {
        if (!reader_.begun()) return Error{Code::InvalidState, "run() needs an open file"};
        for (;;) {
            if (cancelled_) return Error{Code::Cancelled, "cancelled"};
            if (next_ == waiting_.size()) {
                next_ = 0;
                waiting_ = reader_.takeReceived();
                if (!waiting_.empty()) continue;
                if (failed_) return *failed_;
                if (ended_) return State::Ended;
                if (auto read = readOn(); !read && read.error().code == Code::Cancelled) return read.error();
                continue;
            }
            if (!awaitTurn(waiting_[next_], until, wake)) {
                if (cancelled_) return Error{Code::Cancelled, "cancelled"};
                return State::Playing;
            }
            Received one;
            one.push_back(std::move(waiting_[next_++]));
            deliver(one, *observer_, packets);
        }
    }

    void close() override { cancelled_ = true; }
    void cancel() override {
        cancelled_ = true;
        cancelling_.signal();
        file_.cancel();
    }
    LinkStatistics statistics() const override {
        LinkStatistics out;
        out.bytesReceived = read_;
        return out;
    }

private:
    using Item = Received::value_type;

    /// Reads some of the file. An error, which is kept, means that nothing follows.
    Result<void> readOn() {
        const iovec part{buffer_.data(), buffer_.size()};
        const auto got = file_.read(&part, 1);
        using enum capture::FdReader::Status;
        if (got.status == Cancelled) return Error{Code::Cancelled, "cancelled"};
        Result<void> done;
        if (got.status == Failed) {
            done = Error{Code::SourceFailed, "\"" + path_ + "\" can't be read any more", got.error};
        } else if (got.status == Ended) {
            ended_ = true;
            const auto whole = reader_.end();
            // A recording that was broken off is good up to there.
            if (!whole && reader_.begun()) base::log(LogLevel::Warning, "\"" + path_ + "\": " + whole.error().message);
            if (!reader_.begun()) done = whole;
        } else {
            read_ += got.bytes;
            done = reader_.feed({buffer_.data(), got.bytes});
        }
        if (done) return done;
        failed_ = done.error();
        failed_->permanent = true;
        return *failed_;
    }

    /// Whether this has come by now; false: `until`, `wake` or cancel() came first.
    bool awaitTurn(const Item& item, Clock::time_point until, const base::EventFd& wake) {
        const auto* const packet = std::get_if<Packet>(&item);
        if (!due_)
            due_ =
                packet && packet->kind != Packet::Kind::Config ? pace_.due(packet->dts, Clock::now()) : Clock::time_point::min();
        for (;;) {
            const auto now = Clock::now();
            if (cancelled_ || wake.signalled() || now >= until) return false;
            if (now >= *due_) break;
            std::array<pollfd, 2> fds{{{cancelling_.fd(), POLLIN, 0}, {wake.fd(), POLLIN, 0}}};
            poll(fds.data(), fds.size(), base::pollTimeout(std::min(until, *due_)));
        }
        due_.reset();
        return true;
    }

    SubscriberObserver* observer_ = nullptr;
    std::string path_;
    const base::EventFd cancelling_;
    std::atomic<bool> cancelled_{false};
    std::atomic<std::uint64_t> read_{0};
    capture::FdReader file_;
    std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(kReadAtOnce);
    FlvStreamReader reader_;
    std::optional<Error> failed_;
    bool ended_ = false;
    Received waiting_;
    std::size_t next_ = 0;
    FilePace pace_;
    std::optional<Clock::time_point> due_;  ///< of the next of these
};

}  // namespace

std::unique_ptr<Subscriber> makeFlvFileSubscriber() { return std::make_unique<FlvFileSubscriber>(); }

}  // namespace livepusher::rtmp
