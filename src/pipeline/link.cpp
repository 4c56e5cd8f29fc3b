// SPDX-License-Identifier: MIT
#include "pipeline/link.hpp"

#include <array>
#include <cstdio>
#include <utility>

namespace livepusher::pipeline {

namespace {

std::string seconds(std::chrono::milliseconds d) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f s", static_cast<double>(d.count()) / 1000);
    return text.data();
}

const char* whyGivenUp(const Error& error, bool tries) {
    if (error.permanent) return "not tried again: ";
    return tries ? "all attempts used up: " : "not tried again, reconnect is off: ";
}

}  // namespace

Link::Link(MakePublisher makePublisher, base::Url url, rtmp::PublisherSettings settings, base::ReconnectSpec reconnect,
           SendQueue& queue, ControlLoop& control, Events& events, Output output)
    : makePublisher_(std::move(makePublisher)),
      url_(std::move(url)),
      settings_(std::move(settings)),
      policy_(std::move(reconnect)),
      queue_(queue),
      control_(control),
      events_(events),
      output_(std::move(output)) {
    connect();
}

template <typename Handle>
auto Link::report(Handle handle) {
    return [this, handle, now = *epoch_, life = std::weak_ptr(epoch_)](auto... arguments) {
        control_.post([=, this] {
            const auto epoch = life.lock();
            if (epoch && *epoch == now) handle(*this, arguments...);
        });
    };
}

void Link::connect() {
    ++*epoch_;
    uplink_ = std::make_unique<Uplink>(makePublisher_(url_.scheme()), url_, settings_, queue_,
                                       Uplink::Output{.onTransport = report([](Link& l) {
                                                          l.events_.code(Code::Connected, "connected to " + l.url_.redacted());
                                                      }),
                                                      .onConnected = report([](Link& l) { l.published(); }),
                                                      .wantKey = output_.wantKey,
                                                      .onLost = report([](Link& l, const Error& error) { l.lost(error); })});
}

void Link::published() {
    publishedAt_ = ControlLoop::Clock::now();
    if (std::exchange(everPublished_, true)) ++reconnects_;
    output_.onPublishing();  // first: who hears 1002 finds the state that goes with it
    events_.code(Code::PushBegan, "pushing to " + url_.redacted());
}

void Link::lost(const Error& error) {
    using std::chrono::duration_cast;
    if (publishedAt_)
        policy_.afterPublishing(duration_cast<ReconnectPolicy::Duration>(ControlLoop::Clock::now() - *publishedAt_));
    publishedAt_.reset();
    bytesBefore_ += uplink_->statistics().bytesSent;
    ++*epoch_;
    uplink_.reset();

    if (url_.scheme() == base::Url::Scheme::FlvFile) {
        gaveUp_ = true;
        events_.error(error);
        return output_.onGaveUp(error);
    }
    events_.code(error.code, error.message);
    const auto attempt = policy_.afterFailure(error, std::uniform_real_distribution<>(0, 1)(random_));
    if (!attempt) {
        gaveUp_ = true;
        events_.code(Code::ConnectionGivenUp, whyGivenUp(error, policy_.tries()) + error.message);
        return output_.onGaveUp(error);
    }
    events_.code(Code::Reconnecting, "attempt " + std::to_string(attempt->number) + " of " + std::to_string(attempt->of) +
                                         " in " + seconds(attempt->delay));
    output_.onInterrupted();
    control_.postAfter(attempt->delay, [this, now = *epoch_, life = std::weak_ptr(epoch_)] {
        const auto epoch = life.lock();
        if (epoch && *epoch == now) connect();
    });
}

void Link::drain(std::chrono::milliseconds atMost) {
    if (!uplink_) return;
    uplink_->drain(publishedAt_ ? atMost : std::chrono::milliseconds(0));
    bytesBefore_ += uplink_->statistics().bytesSent;
    ++*epoch_;
    uplink_.reset();
    publishedAt_.reset();
}

rtmp::LinkStatistics Link::statistics() const {
    auto now = uplink_ ? uplink_->statistics() : rtmp::LinkStatistics{};
    now.bytesSent += bytesBefore_;
    return now;
}

}  // namespace livepusher::pipeline
