// SPDX-License-Identifier: MIT
#include "pipeline/uplink.hpp"

#include "base/thread_name.hpp"

#include <csignal>
#include <utility>
#include <vector>

namespace livepusher::pipeline {

namespace {
/// Media that waited longer than this for the connection is thrown away: live beats complete.
constexpr Timestamp kStale = std::chrono::milliseconds(150);
}  // namespace

Uplink::Uplink(std::unique_ptr<rtmp::Publisher> publisher, base::Url url, rtmp::PublisherSettings settings, SendQueue& queue,
               Output output)
    : publisher_(std::move(publisher)),
      url_(std::move(url)),
      settings_(std::move(settings)),
      queue_(queue),
      output_(std::move(output)),
      thread_([this] { run(); }) {}

Uplink::~Uplink() {
    cancelled_ = true;
    publisher_->cancel();
    queue_.wake();
    thread_.join();
}

void Uplink::drain(std::chrono::milliseconds atMost) {
    std::unique_lock lock(mutex_);
    if (done_.wait_for(lock, atMost, [this] { return isDone_; })) return;
    lock.unlock();
    cancelled_ = true;
    publisher_->cancel();
    queue_.wake();
}

void Uplink::run() {
    base::nameThread("uplink");
    sigset_t pipe;  // librtmp writes without MSG_NOSIGNAL
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);

    const auto served = serve();
    queue_.disconnected();
    publisher_->close();
    if (!served && !cancelled_) output_.onLost(served.error());
    {
        std::lock_guard lock(mutex_);
        isDone_ = true;
    }
    done_.notify_all();
}

Result<void> Uplink::serve() {
    publisher_->onFailed([this] { queue_.wake(); });
    if (auto opened = publisher_->open(url_, settings_, output_.onTransport); !opened) return opened;
    std::vector<Packet> first;
    if (queue_.connected(kStale, first)) output_.wantKey();
    output_.onConnected();
    for (const auto& packet : first)
        if (auto wrote = publisher_->write(packet); !wrote) return wrote;

    while (!cancelled_) {
        const auto packet = queue_.pop();
        if (packet) {
            if (auto wrote = publisher_->write(*packet); !wrote) return wrote;
        } else if (queue_.ended()) {
            break;
        }
        if (auto error = publisher_->failed()) return *error;
    }
    return {};
}

}  // namespace livepusher::pipeline
