// SPDX-License-Identifier: MIT
#include "pipeline/uplink.hpp"

#include "base/attempt.hpp"
#include "base/thread_name.hpp"

#include <csignal>
#include <utility>

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
        queue_.wake(outlet_);
        thread_.join();
    }
    return publisher_->failed();
}

void Uplink::drain(std::chrono::milliseconds atMost) {
    std::unique_lock lock(mutex_);
    if (done_.wait_for(lock, atMost, [this] { return isDone_; })) return;
    lock.unlock();
    cancelled_ = true;
    publisher_->cancel();
    queue_.wake(outlet_);
}

void Uplink::run() {
    base::nameThread("uplink");
    sigset_t pipe;  // librtmp writes without MSG_NOSIGNAL
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);

    const auto served = base::attempt([this] { return serve(); });
    const bool replaced = queue_.detach(outlet_);
    std::string to;
    const auto closed = base::attempt([&] {
        replaced ? publisher_->leave() : publisher_->close();
        if (!served && !carries_) to = publisher_->redirection();
    });
    if (!served && !cancelled_)
        to.empty() ? observer_.lost(served.error()) : observer_.redirected(to, served.error());
    else if (!closed && !cancelled_)
        observer_.lost(closed.error());
    else if (replaced)
        observer_.replaced();
    {
        std::lock_guard lock(mutex_);
        isDone_ = true;
    }
    done_.notify_all();
}

Result<void> Uplink::serve() {
    publisher_->onFailed([this] { queue_.wake(outlet_); });
    publisher_->onReconnectRequest([this](rtmp::ReconnectRequest request) { observer_.reconnectRequested(std::move(request)); });
    auto settings = settings_;
    settings.mayBegin = [this] { return queue_.mayBegin(outlet_); };
    if (auto opened = publisher_->open(url_, settings, [this] { observer_.transportConnected(); }); !opened) return opened;
    if (queue_.requestTakeover(outlet_)) observer_.keyFrameWanted();
    const auto preamble = queue_.attach(outlet_, kStale, kTakeoverTimeout);
    if (!preamble) return failure();
    if (preamble->wantKey) observer_.keyFrameWanted();
    carries_ = true;
    observer_.connected();
    for (const auto& config : preamble->configs)
        if (auto wrote = publisher_->write(config); !wrote) return wrote;

    while (!cancelled_) {
        const auto packet = queue_.pop(outlet_);
        if (packet) {
            if (auto wrote = publisher_->write(*packet); !wrote) return wrote;
        } else if (queue_.ended(outlet_)) {
            break;
        }
        if (auto failed = failure(); !failed) return failed;
    }
    return {};
}

Result<void> Uplink::failure() const {
    if (auto error = publisher_->failed()) return *error;
    return {};
}

}  // namespace livepusher::pipeline
