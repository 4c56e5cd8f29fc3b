// SPDX-License-Identifier: MIT
#include "playback/downlink.hpp"

#include <mutex>
#include <utility>

#include "base/attempt.hpp"
#include "base/thread_name.hpp"

namespace livepusher::playback {

Downlink::Downlink(MakeSubscriber make, base::Url url, Resolve resolve, rtmp::SubscriberSettings settings,
                   DownlinkObserver& observer)
    : make_(std::move(make)),
      url_(std::move(url)),
      resolve_(std::move(resolve)),
      settings_(std::move(settings)),
      observer_(observer),
      thread_([this] { run(); }) {}

Downlink::~Downlink() {
    {
        const std::lock_guard lock(mutex_);
        cancelled_ = true;
        if (subscriber_) subscriber_->cancel();
    }
    wake_.signal();
    thread_.join();
}

rtmp::LinkStatistics Downlink::statistics() const {
    const std::lock_guard lock(mutex_);
    return subscriber_ ? subscriber_->statistics() : rtmp::LinkStatistics{};
}

/// Finds the address, and who speaks its protocol.
Result<void> Downlink::prepare() {
    if (resolve_) {
        auto url = resolve_();
        if (!url) return url.error();
        url_ = std::move(*url);
    }
    resolved_ = true;
    if (auto able = wake_.check(); !able) return able;
    auto made = make_(url_.scheme());
    const std::lock_guard lock(mutex_);
    if (cancelled_) return Error{Code::Cancelled, "it was stopped"};
    subscriber_ = std::move(made);
    return {};
}

/// True: the stream has been played to its end.
Result<bool> Downlink::serve() {
    if (auto prepared = prepare(); !prepared) return prepared.error();
    if (auto opened = subscriber_->open(url_, settings_, *this); !opened) return opened.error();
    for (;;) {
        const auto state = subscriber_->run(rtmp::Subscriber::Clock::time_point::max(), wake_, *this);
        if (!state) return state.error();
        if (*state == rtmp::Subscriber::State::Ended) return true;
        const std::lock_guard lock(mutex_);
        if (cancelled_) return false;
    }
}

void Downlink::run() {
    base::nameThread("receive");
    auto served = base::attempt([this] { return serve(); });
    if (subscriber_) (void)base::attempt([this] { subscriber_->close(); });
    {
        const std::lock_guard lock(mutex_);
        if (cancelled_) return;
    }
    if (!served && !resolved_)
        observer_.unresolved(served.error());
    else if (!served && !redirectedTo_.empty())
        observer_.redirected(redirectedTo_, served.error());
    else if (!served && served.error().native == rtmp::kRedirectsNowhere && served.error().code == Code::ServerClosed)
        observer_.unresolved(served.error());
    else if (!served)
        observer_.lost(served.error());
    else if (*served)
        observer_.ended();
}

}  // namespace livepusher::playback
