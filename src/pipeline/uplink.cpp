// SPDX-License-Identifier: MIT
#include "pipeline/uplink.hpp"

#include "base/attempt.hpp"
#include "base/thread_name.hpp"

namespace livepusher::pipeline {

namespace {
/// Media that waited longer than this for the connection is thrown away: live beats complete.
constexpr Timestamp kStale = std::chrono::milliseconds(150);
/// A camera that gives nothing gives no key frame to change over at.
constexpr Timestamp kTakeoverTimeout = std::chrono::seconds(2);
}  // namespace

Uplink::Uplink(std::unique_ptr<rtmp::Publisher> publisher, base::Url url, rtmp::PublisherSettings settings, SendQueue& queue,
               UplinkObserver& observer)
    : publisher_(std::move(publisher)),
      url_(std::move(url)),
      settings_(std::move(settings)),
      queue_(queue),
      observer_(observer),
      thread_([this] { run(); }) {}

Uplink::~Uplink() { (void)end(); }

std::optional<Error> Uplink::end() {
    if (thread_.joinable()) {
        cancelled_ = true;
        publisher_->cancel();
        thread_.join();
    }
    return error_;
}

void Uplink::drain(std::chrono::milliseconds atMost) {
    if (isDone_.wait_for(atMost) == std::future_status::ready) return;
    cancelled_ = true;
    publisher_->cancel();
}

void Uplink::run() {
    base::nameThread("uplink");
    const auto served = base::attempt([this] { return serve(); });
    const bool replaced = queue_.detach(outlet_);
    const auto reason = !served ? rtmp::EndReason::Failed : replaced ? rtmp::EndReason::Replaced : rtmp::EndReason::Ended;
    const auto closed = base::attempt([&] { return publisher_->close(reason); });
    if (!closed)
        error_ = closed.error();
    else if (!served && served.error().code != Code::Cancelled)
        error_ = served.error();
    if (!served && !cancelled_)
        redirectedTo_.empty() || carries_ ? observer_.lost(served.error()) : observer_.redirected(redirectedTo_, served.error());
    else if (!closed && !cancelled_)
        observer_.lost(closed.error());
    else if (replaced)
        observer_.replaced();
    done_.set_value();
}

/// Serves the connection until `ready` has what it wants; asks it again at `until` at the latest. False: the stream has
/// ended before.
template <typename Ready>
Result<bool> Uplink::await(Ready ready, Clock::time_point until) {
    while (!ready()) {
        if (queue_.ended(outlet_)) return false;
        if (auto idle = publisher_->idle(until, outlet_.wake()); !idle) return idle.error();
    }
    return true;
}

/// As far as the server, or the file, takes the stream. False: that has ended before.
Result<bool> Uplink::connect() {
    const bool isFile = url_.isFile();
    if (outlet_.wake().fd() == -1) return Error{isFile ? Code::FileFailed : Code::TcpFailed, "out of file descriptors"};
    if (auto opened = publisher_->open(url_, settings_, *this); !opened) return opened.error();
    // The connection is made while sources open; a file is nobody who would wait for them.
    if (auto may = await([&] { return isFile || queue_.mayBegin(outlet_); }); !may || !*may) return may;
    if (auto begun = publisher_->begin(); !begun) return begun.error();
    return true;
}

Result<void> Uplink::serve() {
    auto going = connect();
    if (!going) return going.error();
    if (!*going) return {};
    if (queue_.requestTakeover(outlet_)) observer_.keyFrameWanted();
    std::optional<SendQueue::Preamble> preamble;
    const auto patience = Clock::now() + kTakeoverTimeout;
    going = await(
        [&] {
            preamble = queue_.attach(outlet_, kStale, Clock::now() >= patience);
            return preamble.has_value();
        },
        patience);
    if (!going) return going.error();
    if (!*going) return {};
    if (preamble->wantKey) observer_.keyFrameWanted();
    carries_ = true;
    observer_.connected();
    for (const auto& config : preamble->configs)
        if (auto wrote = publisher_->write(config); !wrote) return wrote;

    for (;;) {
        if (const auto packet = queue_.pop(outlet_)) {
            if (auto wrote = publisher_->write(*packet); !wrote) return wrote;
        } else if (queue_.ended(outlet_)) {
            return {};
        } else if (auto idle = publisher_->idle(queue_.due(), outlet_.wake()); !idle) {
            return idle;
        }
    }
}

}  // namespace livepusher::pipeline
