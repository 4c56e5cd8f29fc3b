// SPDX-License-Identifier: MIT
#include "pipeline/video_lane.hpp"

#include "base/thread_name.hpp"
#include "pipeline/still_clock.hpp"

#include <algorithm>
#include <utility>

namespace livepusher::pipeline {

namespace {

using Clock = std::chrono::steady_clock;

Clock::time_point asTime(Timestamp t) { return Clock::time_point(std::chrono::duration_cast<Clock::duration>(t)); }

}  // namespace

VideoLane::VideoLane(std::unique_ptr<capture::VideoSource> source, bool reopens, std::unique_ptr<effects::VideoEffect> effects,
                     std::unique_ptr<encode::VideoEncoder> encoder, const base::Latest<Orders>& orders, Output output)
    : source_(std::move(source)),
      reopens_(reopens),
      effects_(std::move(effects)),
      orders_(orders),
      output_(std::move(output)),
      encoding_(std::move(encoder),
                {.packets = output_.packets,
                 .onStarted = output_.onEncoderStarted,
                 .onRestarted = output_.onEncoderRestarted,
                 .onFailed = output_.onEncoderFailed},
                counters_),
      thread_([this] { run(); }) {}

VideoLane::~VideoLane() {
    source_->interrupt();
    inbox_.close();
    thread_.join();
}

VideoFrame VideoLane::lastFrame() const {
    std::lock_guard lock(lastMutex_);
    return shared_;
}

capture::WantedVideo VideoLane::wanted() const {
    return {orders_->resolved.width, orders_->resolved.height, orders_->resolved.fps};
}

void VideoLane::run() {
    base::nameThread("video");
    lastShown_ = now();
    followOrders();
    while (!inbox_.closed()) {
        auto frame = inbox_.popUntil(wakeAt());
        if (orders_.refresh()) followOrders();
        if (inbox_.closed()) break;
        if (frame)
            takeFrame(std::move(*frame));
        else if (asTime(now()) >= wakeAt())
            repeatStill();
    }
    closeSource();
    encoding_.close();
}

void VideoLane::followOrders() {
    const bool wantSource = !orders_->paused && orders_->properties.enableCamera && !sourceFailed_;
    const auto want = wanted();
    const bool changed = want.width != opened_.width || want.height != opened_.height || want.fps != opened_.fps;
    if (sourceOpen_ && (!wantSource || (reopens_ && changed))) closeSource();
    if (!sourceOpen_ && wantSource) openSource();
    if (sourceOpen_ && orders_->resolved.fps != rateFps_) {
        rateFps_ = orders_->resolved.fps;
        rate_.configure(rateFps_, format_.fps, format_.constantRate);
    }
    if (pushing_ != orders_->encode) {
        pushing_ = orders_->encode;
        lastPts_ = Timestamp{-1};
        if (!pushing_) encoding_.close();
    }
}

void VideoLane::openSource() {
    opened_ = wanted();
    auto format = source_->start(opened_, {{.onEnded =
                                                [this] {
                                                    ended_ = true;
                                                    output_.onEnded();
                                                },
                                            .onError = output_.onSourceFailed},
                                           [this](VideoFrame frame) { inbox_.push(std::move(frame)); }});
    if (!format) {
        sourceFailed_ = true;  // the session decides what that means
        if (!inbox_.closed()) output_.onSourceFailed(format.error());
        return;
    }
    format_ = *format;
    sourceOpen_ = true;
    rateFps_ = 0;
    lastShown_ = now();
    encoding_.forceKey();  // a cut: what follows has little in common with what was
    output_.onOpened(*format);
}

void VideoLane::closeSource() {
    if (!sourceOpen_) return;
    source_->stop();
    sourceOpen_ = false;
}

Clock::time_point VideoLane::wakeAt() const {
    using namespace std::chrono;
    if (!orders_->encode) return Clock::now() + hours(1);
    if (!sourceOpen_ || still_ || ended_) return asTime(lastShown_ + kStillInterval);
    return asTime(lastShown_ + std::max<Timestamp>(kStallAfter, seconds(2) / orders_->resolved.fps));
}

void VideoLane::takeFrame(VideoFrame frame) {
    if (!sourceOpen_) return;  // what was still in the inbox at a pause
    if (!std::exchange(seenFrame_, true)) output_.onFirstFrame();
    const auto decision = rate_.next(frame.pts);
    still_ = false;
    for (int i = 0; i < decision.repeats; ++i)
        if (last_) encode(last_, decision.firstRepeat + i * decision.interval);
    if (decision.take) show(std::move(frame), decision.pts);
}

void VideoLane::repeatStill() {
    const auto at = now();
    still_ = true;
    if (!orders_->properties.enableCamera && !orders_->paused) {  // a fresh frame is black
        show(VideoFrame::allocate(orders_->resolved.width, orders_->resolved.height), at);
    } else if (last_) {
        auto again = last_;
        show(std::move(again), at);
    } else {
        lastShown_ = at;
    }
}

void VideoLane::show(VideoFrame frame, Timestamp pts) {
    lastShown_ = std::max(lastShown_, now());
    const auto& resolved = orders_->resolved;
    if (!still_ || frame.width() != resolved.width || frame.height() != resolved.height) {
        effects_->apply(frame, {resolved.width, resolved.height}, orders_->properties);
    }
    last_ = frame;
    {
        std::lock_guard lock(lastMutex_);
        std::swap(shared_, frame);
    }
    if (output_.preview) output_.preview(last_);
    encode(last_, pts);
}

void VideoLane::encode(const VideoFrame& frame, Timestamp pts) {
    if (!orders_->encode) return;
    auto timed = frame;
    timed.pts = pts - orders_->origin;
    if (timed.pts <= lastPts_ || timed.pts < Timestamp::zero()) {
        ++counters_.dropped;  // from before the push, or behind a still picture
        return;
    }
    lastPts_ = timed.pts;
    encoding_.encode(timed, *orders_);
}

}  // namespace livepusher::pipeline
